#include "connectioncheck.h"

#include "keyfile.h"
#include "publisherconfig.h"

#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::preferences {

using fields::NoteLine;

namespace {

/// As the draft says, or the default.
QString textOf(const draft::ConfigDraft &draft, const QString &key)
{
    const SettingTable table = publisher::publisherSettingTable();
    return draft.scalar(key).value_or(std::get<QString>(table.find(key)->fallback));
}

} // namespace

ConnectionCheck::ConnectionCheck(fields::DraftEditor &editor, platform::KeyStore &keys, QString configFile,
                                 Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_keys(keys)
    , m_configFile(std::move(configFile))
    , m_check(clock)
    , m_button(new QPushButton(tr("Chec&k"), this))
    , m_note(new NoteLine(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_button, 0, Qt::AlignLeft);
    layout->addWidget(m_note);
    m_button->setObjectName(QStringLiteral("checkServer"));
    m_button->setAccessibleDescription(tr("Tries the server with the key"));
    connect(m_button, &QPushButton::clicked, this, &ConnectionCheck::press);
    connect(&m_check, &discovery::ServerCheck::finished, this,
            [this](std::optional<ErrorCode> code, const QString &text) {
                showEnd(code ? NoteLine::Kind::Problem : NoteLine::Kind::Success, text);
            });
}

void ConnectionCheck::press()
{
    m_button->setEnabled(false);
    m_note->show(NoteLine::Kind::Information, tr("Trying the server…"));
    const draft::ConfigDraft &draft = m_editor.draft();
    if (textOf(draft, QStringLiteral("keyStore")) != QLatin1String("keyring")) {
        const QString file = textOf(draft, QStringLiteral("keyFile"));
        return askServer(file.isEmpty() ? Result(QByteArray()) : publisher::readKeyFile(file));
    }
    m_note->show(NoteLine::Kind::Information, tr("Fetching the key from the keyring…"));
    m_keys.read(platform::keyEntry(m_configFile), [self = QPointer(this)](const Result<QByteArray> &key) {
        if (self)
            self->askServer(key);
    });
}

void ConnectionCheck::askServer(const Result<QByteArray> &key)
{
    if (!key)
        return showEnd(NoteLine::Kind::Problem, key.error().message);
    const draft::ConfigDraft &draft = m_editor.draft();
    m_check.start(QUrl(textOf(draft, QStringLiteral("server")), QUrl::StrictMode), *key,
                  textOf(draft, QStringLiteral("caFile")));
}

void ConnectionCheck::showEnd(NoteLine::Kind kind, const QString &text)
{
    m_button->setEnabled(true);
    m_note->show(kind, text);
}

} // namespace hearth::preferences
