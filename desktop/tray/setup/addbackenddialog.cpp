#include "addbackenddialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace hearth::setup {

using fields::NoteLine;

AddBackendDialog::AddBackendDialog(httpclient::HttpClient &client, Clock &clock, QWidget *parent)
    : QDialog(parent)
    , m_address(new QLineEdit(this))
    , m_key(new QLineEdit(this))
    , m_note(new NoteLine(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
    , m_finder(client, clock)
{
    setWindowTitle(tr("Add a backend"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(60 * fontMetrics().averageCharWidth());
    m_address->setObjectName(QStringLiteral("backendAddress"));
    m_address->setPlaceholderText(QStringLiteral("gpu:8000"));
    m_key->setObjectName(QStringLiteral("backendKey"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("Only where the backend wants one"));
    QPushButton *const add = m_buttons->addButton(tr("&Add"), QDialogButtonBox::ActionRole);
    add->setObjectName(QStringLiteral("add"));
    add->setDefault(true);
    add->setEnabled(false);

    auto *layout = new QFormLayout(this);
    layout->addRow(tr("A&ddress:"), m_address);
    layout->addRow(tr("&Key:"), m_key);
    layout->addRow(m_note);
    layout->addRow(m_buttons);

    connect(m_address, &QLineEdit::textChanged, add,
            [add](const QString &text) { add->setEnabled(!text.trimmed().isEmpty()); });
    connect(add, &QPushButton::clicked, this, &AddBackendDialog::look);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_finder, &discovery::BackendFinder::failed, this,
            [this](const QString &reason) { say(NoteLine::Kind::Problem, reason); });
    connect(&m_finder, &discovery::BackendFinder::found, this, [this](const discovery::FoundBackend &backend) {
        Q_EMIT found(backend, m_key->text().trimmed().toUtf8());
        accept();
    });
}

void AddBackendDialog::look()
{
    say(NoteLine::Kind::Information, tr("Asking %1…").arg(m_address->text().trimmed()));
    m_finder.ask(m_address->text(), m_key->text().trimmed().toUtf8());
}

void AddBackendDialog::say(NoteLine::Kind kind, const QString &text)
{
    m_note->show(kind, text);
    // Windows do not grow by themselves with text that is wrapped, nor learn at once that there is more of it.
    m_note->updateGeometry();
    resize(width(), std::max(height(), layout()->totalHeightForWidth(width())));
}

} // namespace hearth::setup
