#include "databaseurl.h"

#include <QUrl>
#include <QUrlQuery>

namespace hearth::storage {

using namespace Qt::StringLiterals;

namespace {

Error misconfigured(const QString &message)
{
    return Error{.code = ErrorCode::Configuration, .message = message, .param = QStringLiteral("database")};
}

/// Takes over what the query says; fails on a parameter that is unknown or says something else than the URL before it.
Result<void> applyQuery(const QUrlQuery &query, const QUrl &url, PostgreSqlServer &server)
{
    const auto items = query.queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items) {
        if (name == "host"_L1) {
            if (!url.host().isEmpty())
                return misconfigured(QStringLiteral("The database URL names two hosts."));
            server.host = value;
        } else if (name == "port"_L1) {
            bool isNumber = false;
            server.port = value.toInt(&isNumber);
            if (url.port() != -1 || !isNumber || server.port < 1 || server.port > 65535)
                return misconfigured(QStringLiteral("The database URL needs one port between 1 and 65535."));
        } else if (name == "sslmode"_L1) {
            server.sslMode = value;
        } else if (name == "sslrootcert"_L1) {
            server.sslRootCert = value;
        } else {
            return misconfigured(QStringLiteral("The database URL has an unknown parameter '%1'; known are host, port, "
                                                "sslmode and sslrootcert.")
                                     .arg(name));
        }
    }
    return {};
}

} // namespace

QLatin1String toString(Engine engine)
{
    switch (engine) {
    case Engine::Sqlite:
        return "sqlite"_L1;
    case Engine::PostgreSql:
        return "postgresql"_L1;
    }
    Q_UNREACHABLE();
}

Result<DatabaseUrl> DatabaseUrl::parse(const QString &text)
{
    const qsizetype colon = text.indexOf(u':');
    const QString scheme = text.left(colon);
    if (colon > 0 && scheme == "sqlite"_L1) {
        const QString path = text.mid(colon + 1);
        if (path.isEmpty())
            return misconfigured(QStringLiteral("The database URL names no file; write sqlite:PATH."));
        // What other programs write: sqlite:///absolute is right by luck, sqlite://relative would be another file.
        if (path.startsWith("//"_L1) && !path.startsWith("///"_L1))
            return misconfigured(QStringLiteral("The database URL has slashes that are no path; write sqlite:PATH."));
        return DatabaseUrl(SqliteFile{path});
    }
    if (colon > 0 && (scheme == "postgresql"_L1 || scheme == "postgres"_L1))
        return parsePostgreSql(text);
    return misconfigured(
        QStringLiteral("The database must be sqlite:PATH or postgresql://user:password@host:port/name."));
}

Result<DatabaseUrl> DatabaseUrl::parsePostgreSql(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    // QUrl's own message quotes the URL with its password.
    if (!url.isValid() || url.hasFragment() || !text.mid(url.scheme().size()).startsWith("://"_L1))
        return misconfigured(
            QStringLiteral("The database URL is not valid; write postgresql://user:password@host:port/name "
                           "with special characters in percent form (@ is %40, # is %23)."));
    PostgreSqlServer server{.host = url.host(),
                            .user = url.userName(QUrl::FullyDecoded),
                            .password = url.password(QUrl::FullyDecoded),
                            .name = url.path(QUrl::FullyDecoded).mid(1),
                            .sslMode = {},
                            .sslRootCert = {}};
    server.port = url.port(server.port);
    if (server.name.isEmpty())
        return misconfigured(QStringLiteral("The database URL names no database; write postgresql://…/name."));
    if (const Result<void> applied = applyQuery(QUrlQuery(url), url, server); !applied)
        return applied.error();
    return DatabaseUrl(std::move(server));
}

Engine DatabaseUrl::engine() const
{
    return std::holds_alternative<SqliteFile>(m_location) ? Engine::Sqlite : Engine::PostgreSql;
}

QString DatabaseUrl::display() const
{
    if (const auto *file = std::get_if<SqliteFile>(&m_location))
        return "sqlite:"_L1 + file->path;
    const auto &server = std::get<PostgreSqlServer>(m_location);
    const bool isSocket = server.host.isEmpty() || server.host.startsWith(u'/');
    QUrl url;
    url.setScheme(QStringLiteral("postgresql"));
    url.setUserName(server.user);
    // Empty, not null: QUrl then writes the slashes before it.
    url.setHost(isSocket ? u""_s : server.host);
    url.setPath(u'/' + server.name);
    QUrlQuery query;
    if (isSocket) {
        if (!server.host.isEmpty())
            query.addQueryItem(QStringLiteral("host"), server.host);
        query.addQueryItem(QStringLiteral("port"), QString::number(server.port));
        url.setQuery(query);
    } else {
        url.setPort(server.port);
    }
    return url.toString();
}

} // namespace hearth::storage
