// Logging: one category per room, one sink, one redactor.
//
// Rooms log through the categories below (`qCInfo(lcRelay) << …`). installLogging() makes every message of the process,
// Qt's own included, go to standard error as one line, after redact() has taken out whatever looks like a secret.
// Request and answer bodies are never logged. Safe from any thread.

#pragma once

#include <QLoggingCategory>
#include <QString>

#include <optional>

namespace hearth {

Q_DECLARE_LOGGING_CATEGORY(lcBase)
Q_DECLARE_LOGGING_CATEGORY(lcChannel)
Q_DECLARE_LOGGING_CATEGORY(lcHttpClient)
Q_DECLARE_LOGGING_CATEGORY(lcStorage)
Q_DECLARE_LOGGING_CATEGORY(lcHttp)
Q_DECLARE_LOGGING_CATEGORY(lcApi)
Q_DECLARE_LOGGING_CATEGORY(lcControl)
Q_DECLARE_LOGGING_CATEGORY(lcRelay)
Q_DECLARE_LOGGING_CATEGORY(lcServer)
Q_DECLARE_LOGGING_CATEGORY(lcPublisher)

enum class LogLevel { Debug, Info, Warning, Error };

/// `debug`, `info`, `warning`, `error`.
QLatin1String toString(LogLevel level);
std::optional<LogLevel> logLevelFromString(QStringView text);

/// Replaces API keys, bearer tokens and passwords in URLs by a mark that keeps only a harmless prefix
/// (`hk_3f2a…`, `Bearer …`, `postgresql://user:…@host`). Text without secrets comes back unchanged.
QString redact(const QString &text);

/// Sends all logging of the process to standard error, from `level` upward. Call once, first thing in main().
void installLogging(LogLevel level);

/// Changes the level of a running process.
void setLogLevel(LogLevel level);

} // namespace hearth
