#include "aboutdialog.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace hearth::preferences {

namespace {

QLabel *wrapped(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setOpenExternalLinks(true);
    return label;
}

/// Their names are theirs, and the same in every language.
QString libraries()
{
    return QStringLiteral("Qt %1, CLI11, libcurl, OpenSSL, QtKeychain, simdjson, yaml-cpp")
        .arg(QLatin1String(qVersion()));
}

} // namespace

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("About Hearth"));
    auto *icon = new QLabel(this);
    const int size = fontMetrics().height() * 4;
    icon->setPixmap(QApplication::windowIcon().pixmap(size, size));
    auto *title = new QLabel(tr("Hearth %1").arg(QCoreApplication::applicationVersion()), this);
    QFont font = title->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.5);
    title->setFont(font);
    title->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *text = new QVBoxLayout;
    text->addWidget(title);
    text->addWidget(
        wrapped(tr("Hearth shares the language models that run on this box with the people whom you let. It "
                   "dials out to a Hearth server; nothing on the box is opened to the network, and nothing "
                   "is shared that you have not ticked."),
                this));
    text->addWidget(wrapped(tr("It stands on: %1.").arg(libraries()), this));
    auto *row = new QHBoxLayout;
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addLayout(text, 1);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &AboutDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(row);
    layout->addStretch();
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 70, sizeHint().height());
}

} // namespace hearth::preferences
