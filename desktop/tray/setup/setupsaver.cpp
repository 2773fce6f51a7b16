#include "setupsaver.h"

#include <QCryptographicHash>
#include <QPointer>

namespace hearth::setup {

namespace {

/// What the file with the key of this backend is called: `backend-gpu-8000-1f0c9a52`. Backends may share a host and a
/// port, and differ in their path.
QString backendKeyName(const QUrl &backend)
{
    QString host = backend.host();
    host.replace(u':', u'-');
    const QByteArray digest = QCryptographicHash::hash(backend.toEncoded(), QCryptographicHash::Sha256).toHex();
    return QStringLiteral("backend-%1-%2-%3").arg(host).arg(backend.port(0)).arg(QLatin1String(digest.first(8)));
}

} // namespace

SetupSaver::SetupSaver(SetupState &state, QObject *parent)
    : QObject(parent)
    , m_state(state)
{}

void SetupSaver::start()
{
    if (std::exchange(m_isBusy, true))
        return;
    ++m_attempt;
    m_notice.clear();
    m_isNewKey = !m_state.key.isEmpty() && m_state.key != m_state.storedKey;
    if (m_isNewKey)
        storeKey();
    else
        save();
}

void SetupSaver::cancel()
{
    m_isBusy = false;
    ++m_attempt;
}

void SetupSaver::storeKey()
{
    const QPointer<SetupSaver> saver(this);
    platform::storeKey(m_state.parts.keys, m_state.parts.configFile, keyFileOf(m_state.editor.draft()), m_state.key,
                       [saver, attempt = m_attempt](const Result<platform::StoredKey> &stored) {
                           if (saver && saver->m_attempt == attempt)
                               saver->keyStored(stored);
                       });
}

void SetupSaver::keyStored(const Result<platform::StoredKey> &stored)
{
    if (!stored && stored.error().code == ErrorCode::Conflict)
        return conclude(Error{ErrorCode::Conflict, tr("Your keyring is locked. Unlock it and save again.")});
    if (!stored)
        return conclude(stored.error());
    m_notice = stored->notice;
    m_state.editor.edit([&stored](draft::ConfigDraft &draft) { fields::setKeyPlace(draft, stored->file); });
    save();
}

Result<void> SetupSaver::storeBackendKeys()
{
    for (const ModelChoice &model : m_state.published()) {
        const QByteArray key = m_state.backendKeys.value(backendAt(model.url));
        if (key.isEmpty())
            continue;
        const QString file = platform::freeKeyFile(m_state.parts.configFile, backendKeyName(QUrl(model.url)),
                                                   backendKeyFilesOf(m_state.editor.draft()));
        if (const Result<void> written = platform::writeKeyFile(file, key); !written)
            return written;
        m_state.editor.edit([&](draft::ConfigDraft &draft) {
            if (const std::optional<QString> entry = draft.entry(QStringLiteral("llms"), model.entry))
                draft.setText(*entry + QStringLiteral(".apiKeyFile"), file);
        });
    }
    return {};
}

void SetupSaver::save()
{
    if (const Result<void> stored = storeBackendKeys(); !stored)
        return conclude(stored);
    const draft::ConfigDraft draft = m_state.editor.draft();
    if (const Result<void> saved = m_state.parts.save(draft); !saved) {
        if (m_isNewKey)
            addNotice(tr("It stays there, although the configuration has not been saved."));
        if (saved.error().code == ErrorCode::Conflict) {
            return conclude(Error{ErrorCode::Conflict,
                                  tr("The configuration has been changed since this window was opened, and is not "
                                     "overwritten. Close this window and open it again to go on from what the file "
                                     "says now.")});
        }
        return conclude(saved);
    }
    m_state.editor.markSaved();
    m_state.parts.draft = m_state.editor.draft();
    if (m_isNewKey) {
        m_state.storedKey = m_state.key;
        m_state.parts.keyStored();
    }
    platform::Autostart &autostart = m_state.parts.autostart;
    if (m_state.startsWithDesktop != autostart.isEnabled()) {
        if (const Result<void> set = autostart.setEnabled(m_state.startsWithDesktop); !set)
            addNotice(set.error().message);
    }
    conclude({});
}

void SetupSaver::addNotice(const QString &text)
{
    if (!m_notice.isEmpty())
        m_notice.append(u' ');
    m_notice.append(text);
}

void SetupSaver::conclude(const Result<void> &result)
{
    m_isBusy = false;
    Q_EMIT finished(result, m_notice);
}

} // namespace hearth::setup
