#include "logging.h"

#include "logline.h"

#include <cerrno>
#include <cstdio>
#include <mutex>

#include <sys/stat.h>
#include <unistd.h>

namespace hearth {

Q_LOGGING_CATEGORY(lcBase, "hearth.base")
Q_LOGGING_CATEGORY(lcChannel, "hearth.channel")
Q_LOGGING_CATEGORY(lcHttpClient, "hearth.httpclient")
Q_LOGGING_CATEGORY(lcStorage, "hearth.storage")
Q_LOGGING_CATEGORY(lcHttp, "hearth.http")
Q_LOGGING_CATEGORY(lcApi, "hearth.api")
Q_LOGGING_CATEGORY(lcControl, "hearth.control")
Q_LOGGING_CATEGORY(lcRelay, "hearth.relay")
Q_LOGGING_CATEGORY(lcServer, "hearth.server")
Q_LOGGING_CATEGORY(lcPublisher, "hearth.publisher")
Q_LOGGING_CATEGORY(lcTray, "hearth.tray")

namespace {

constexpr LogLevel allLevels[] = {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error};

// The service manager names the stream that it connected; a program whose errors were redirected still inherits the
// variable, so the two are compared (systemd.exec(5)).
LogStyle styleOfStandardError()
{
    struct stat status = {};
    if (::fstat(STDERR_FILENO, &status) != 0)
        return LogStyle::Plain;
    const QByteArray stream =
        QByteArray::number(quint64(status.st_dev)) + ':' + QByteArray::number(quint64(status.st_ino));
    return qgetenv("JOURNAL_STREAM") == stream ? LogStyle::Journal : LogStyle::Plain;
}

// A line that nobody takes is lost: the log may not stop the program.
void writeToStandardError(QByteArrayView line)
{
    while (!line.isEmpty()) {
        const ssize_t written = ::write(STDERR_FILENO, line.data(), size_t(line.size()));
        if (written >= 0)
            line = line.sliced(written);
        else if (errno != EINTR)
            return;
    }
}

LogLevel levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return LogLevel::Debug;
    case QtInfoMsg:
        return LogLevel::Info;
    case QtWarningMsg:
        return LogLevel::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        return LogLevel::Error;
    }
    Q_UNREACHABLE();
}

// The mutex is held during each call: that is how setLogObserver() knows that the observer before has returned.
class Observation
{
public:
    void set(std::function<void(const LogRecord &)> observer)
    {
        Q_ASSERT(!s_isObserving);
        const std::scoped_lock lock(m_mutex);
        m_observer.swap(observer);
    }

    void tell(WallTime time, QtMsgType type, const char *category, const QString &message)
    {
        if (s_isObserving)
            return;
        const std::scoped_lock lock(m_mutex);
        if (!m_observer)
            return;
        s_isObserving = true;
        m_observer({time, levelOf(type), QString::fromLatin1(category), logText(message)});
        s_isObserving = false;
    }

private:
    // What an observer logs itself must not come back to it.
    static inline thread_local bool s_isObserving = false;

    std::mutex m_mutex;
    std::function<void(const LogRecord &)> m_observer;
};

// Never destroyed: messages still come while the process ends.
Observation &observation()
{
    static auto *const instance = new Observation;
    return *instance;
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    static const LogStyle style = styleOfStandardError();
    static std::mutex mutex;

    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const QByteArray line = logLine(style, now, type, QLatin1String(context.category), message);
    {
        const std::scoped_lock lock(mutex);
        writeToStandardError(line);
    }
    observation().tell(now, type, context.category, message);
}

} // namespace

QLatin1String toString(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return QLatin1String("debug");
    case LogLevel::Info:
        return QLatin1String("info");
    case LogLevel::Warning:
        return QLatin1String("warning");
    case LogLevel::Error:
        return QLatin1String("error");
    }
    Q_UNREACHABLE();
}

std::optional<LogLevel> logLevelFromString(QStringView text)
{
    for (const LogLevel level : allLevels) {
        if (text == toString(level))
            return level;
    }
    return std::nullopt;
}

void installLogging(LogLevel level)
{
    setLogLevel(level);
    qInstallMessageHandler(handleMessage);
}

// Qt's own categories speak from warnings upward, for as information they tell every rectangle that is painted;
// QT_LOGGING_RULES still overrides everything for a developer.
void setLogLevel(LogLevel level)
{
    const auto rule = [level](QLatin1String pattern, LogLevel least) {
        return QString(pattern % (level <= least ? u"=true\n" : u"=false\n"));
    };
    QLoggingCategory::setFilterRules(rule(QLatin1String("hearth.*.debug"), LogLevel::Debug) %
                                     rule(QLatin1String("*.info"), LogLevel::Info) % u"qt.*.info=false\n" %
                                     rule(QLatin1String("*.warning"), LogLevel::Warning));
}

void setLogObserver(std::function<void(const LogRecord &)> observer)
{
    observation().set(std::move(observer));
}

} // namespace hearth
