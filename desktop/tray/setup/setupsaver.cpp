#include "setupsaver.h"

#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>

namespace hearth::setup {

namespace {

/// Beside the configuration: `backend-gpu-8000.key`.
QString backendKeyFile(const QString &configFile, const QUrl &backend)
{
    QString host = backend.host();
    host.replace(u':', u'-');
    const QString name = QStringLiteral("backend-%1-%2.key").arg(host).arg(backend.port(0));
    return QFileInfo(configFile).absoluteDir().filePath(name);
}

/// The permissions are set before there is anything to read.
Result<void> writePrivately(const QString &path, const QByteArray &key)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QSaveFile file(path);
    const bool isWritten = file.open(QIODevice::WriteOnly) &&
                           file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner) &&
                           file.write(key + '\n') > 0 && file.commit();
    if (!isWritten) {
        return Error{ErrorCode::Io,
                     QStringLiteral("The key file %1 cannot be written: %2.").arg(path, file.errorString())};
    }
    return {};
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
    platform::storeKey(m_state.parts.keys, m_state.parts.configFile, m_state.key,
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
    m_state.editor.edit([&stored](draft::ConfigDraft &draft) { setKeyPlace(draft, *stored); });
    save();
}

Result<void> SetupSaver::storeBackendKeys()
{
    for (const ModelChoice &model : m_state.published()) {
        const QByteArray key = m_state.backendKeys.value(model.url);
        if (key.isEmpty())
            continue;
        const QString file = backendKeyFile(m_state.parts.configFile, QUrl(model.url));
        if (const Result<void> written = writePrivately(file, key); !written)
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
            m_notice.append(u' ' + tr("It stays there and is not used until the configuration has been saved."));
        return conclude(saved);
    }
    m_state.parts.draft = draft;
    m_state.editor.setSaved(draft);
    if (m_isNewKey) {
        m_state.storedKey = m_state.key;
        m_state.parts.keyStored();
    }
    platform::Autostart &autostart = m_state.parts.autostart;
    if (m_state.startsWithDesktop != autostart.isEnabled()) {
        if (const Result<void> set = autostart.setEnabled(m_state.startsWithDesktop); !set)
            m_notice = set.error().message;
    }
    conclude({});
}

void SetupSaver::conclude(const Result<void> &result)
{
    m_isBusy = false;
    Q_EMIT finished(result, m_notice);
}

} // namespace hearth::setup
