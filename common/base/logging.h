// Logging: one category per room, one sink, one redactor.
//
// Rooms log through the categories below (`qCInfo(lcRelay) << …`). installLogging() makes every message of the process,
// Qt's own included, go to standard error as one line, after redact() has taken out whatever looks like a secret.
// Request and answer bodies are never logged. Safe from any thread.

#pragma once

#include "clock.h"

#include <QLoggingCategory>
#include <QString>

#include <functional>
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
Q_DECLARE_LOGGING_CATEGORY(lcTray)

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

/// One message as the sink wrote it.
struct LogRecord
{
    WallTime time{};
    LogLevel level = LogLevel::Info;
    /// `hearth.publisher`.
    QString category = {};
    /// Redacted and on one line.
    QString text = {};

    friend bool operator==(const LogRecord &, const LogRecord &) = default;
};

/// Also hands every message to `observer`, on the thread that logs, one at a time and never from within another such
/// call: what the observer logs itself goes to standard error only. An empty function ends that. Once this has
/// returned, the observer before is not called any more. Needs installLogging(); not to be called by an observer.
void setLogObserver(std::function<void(const LogRecord &)> observer);

} // namespace hearth
