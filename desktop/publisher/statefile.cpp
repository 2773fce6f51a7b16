#include "statefile.h"

#include "logging.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>

namespace hearth::publisher {

namespace {

constexpr qint64 maxStateBytes = 4096;
constexpr auto sessionKey = QLatin1String("providerSessionId");

bool isSessionId(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9-]{1,64}\\z"));
    return pattern.match(text).hasMatch();
}

QString stateDirectory()
{
    // systemd lists several, separated by colons, where a unit asks for several (systemd.exec(5)).
    const QString ofService = qEnvironmentVariable("STATE_DIRECTORY").section(u':', 0, 0);
    if (QDir::isAbsolutePath(ofService))
        return ofService;
    const QString ofUser = qEnvironmentVariable("XDG_STATE_HOME");
    const QString base = QDir::isAbsolutePath(ofUser) ? ofUser : QDir::homePath() + QStringLiteral("/.local/state");
    return base + QStringLiteral("/hearth");
}

} // namespace

ProviderSessionId StateFile::load() const
{
    QFile file(m_path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(lcPublisher).noquote() << "The state file" << m_path << "cannot be read:" << file.errorString()
                                         << "- this publisher becomes a new session.";
        return {};
    }
    const QJsonObject state = QJsonDocument::fromJson(file.read(maxStateBytes)).object();
    const QString session = state.value(sessionKey).toString();
    if (!isSessionId(session)) {
        qCWarning(lcPublisher).noquote() << "The state file" << m_path
                                         << "is damaged - this publisher becomes a new session.";
        return {};
    }
    return ProviderSessionId(session);
}

Result<void> StateFile::save(const ProviderSessionId &session) const
{
    const auto failure = [this](const QString &reason) {
        return Error{ErrorCode::Io,
                     QStringLiteral("The state file %1 cannot be written: %2. This publisher will be a new "
                                    "session after its next start, and its Llms can be refused for a while; "
                                    "set stateFile to a place that it may write to.")
                         .arg(m_path, reason)};
    };
    if (!QDir().mkpath(QFileInfo(m_path).absolutePath()))
        return failure(QStringLiteral("its directory cannot be made"));
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly))
        return failure(file.errorString());
    const QJsonObject state{{sessionKey, session.toString()}};
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(QJsonDocument(state).toJson(QJsonDocument::Compact) + '\n');
    if (!file.commit())
        return failure(file.errorString());
    return {};
}

QString StateFile::defaultPath(const QString &server, const QString &configFile)
{
    const QString identity = server % u'\n' % QFileInfo(configFile).absoluteFilePath();
    const QByteArray hash = QCryptographicHash::hash(identity.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return stateDirectory() % QStringLiteral("/publisher-") % QString::fromLatin1(hash) % QStringLiteral(".json");
}

} // namespace hearth::publisher
