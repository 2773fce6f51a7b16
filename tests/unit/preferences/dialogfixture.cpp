#include "dialogfixture.h"

#include "linefield.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace hearth;

namespace {

/// The autostart file must not be the one of whoever runs the test.
QString ownDesktop(const QString &directory)
{
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(directory));
    qputenv("XDG_CONFIG_DIRS", QFile::encodeName(directory));
    return QStringLiteral("/usr/bin/hearth-tray");
}

} // namespace

DialogFixture::DialogFixture(const QByteArray &more)
    : m_origin(more)
    , autostart(ownDesktop(m_origin.path(QStringLiteral("config"))), {})
    , dialog({.clock = m_origin.clock,
              .keys = keys,
              .autostart = autostart,
              .configFile = m_origin.path(QStringLiteral("publisher.yaml")),
              .environment = {},
              .draft = m_origin.editor->draft(),
              .save =
                  [this](const draft::ConfigDraft &draft) {
                      saved.append(draft.text());
                      savedOver.append(draft.base());
                      return answer;
                  },
              .requestsAtRisk = [this](const draft::ConfigDraft &) { return requestsAtRisk; },
              .keyStored = [this] { ++keysStored; },
              .snapshot = [this] { return snapshot; },
              .ports = {},
              .runningPrograms = [] { return QStringList{QStringLiteral("steam")}; }})
{
    dialog.show();
}

fields::Field *DialogFixture::field(const QString &path) const
{
    return dialog.findChild<fields::Field *>(path);
}

bool DialogFixture::waitFor(const std::function<bool()> &condition)
{
    return QTest::qWaitFor([&] {
        m_origin.clock.advance(Duration(1));
        return condition();
    });
}

QPushButton *DialogFixture::button(QDialogButtonBox::StandardButton which) const
{
    return dialog.findChild<QDialogButtonBox *>()->button(which);
}

QPushButton *DialogFixture::button(const QString &name) const
{
    return dialog.findChild<QPushButton *>(name);
}

QMessageBox *DialogFixture::question(const QString &name) const
{
    // One that has been answered is deleted a little later.
    const QList<QMessageBox *> boxes = dialog.findChildren<QMessageBox *>(name);
    const auto open = std::ranges::find_if(boxes, &QMessageBox::isVisible);
    return open == boxes.end() ? nullptr : *open;
}

void DialogFixture::type(const QString &path, const QString &text) const
{
    qobject_cast<QLineEdit *>(field(path)->input())->setText(text);
}

QString DialogFixture::note(const QString &name) const
{
    return dialog.findChild<fields::NoteLine *>(name)->text();
}

draft::ConfigDraft DialogFixture::changedFile(const QString &path, const QString &text) const
{
    draft::ConfigDraft draft = m_origin.editor->draft();
    draft.setText(path, text);
    draft.setBase(draft.text());
    return draft;
}
