#include "program.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>

namespace hearth::testsupport {

QString programPath(const QString &name)
{
    return QStringLiteral(HEARTH_BIN_DIR "/") + name;
}

QProcessEnvironment cleanEnvironment(const QString &home)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith(QLatin1String("HEARTH_")) || name.startsWith(QLatin1String("XDG_")) ||
            name.endsWith(QLatin1String("_proxy"), Qt::CaseInsensitive))
            environment.remove(name);
    }
    environment.insert(QStringLiteral("HOME"), home);
    // Memory that the sanitizer holds back would count as the program's own.
    const QString sanitizer = QStringLiteral("ASAN_OPTIONS");
    environment.insert(sanitizer, environment.value(sanitizer) + QStringLiteral(":quarantine_size_mb=1"));
    return environment;
}

CommandResult runCommand(const QString &path, const QStringList &arguments, const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(path, arguments);
    const bool ended = process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit;
    return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

Program::Program(const QString &path, const QStringList &arguments, const QProcessEnvironment &environment,
                 QString logFile)
    : m_logFile(std::move(logFile))
{
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_logFile);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.start(path, arguments);
    if (!m_process.waitForStarted())
        qWarning("%s does not start: %s", qPrintable(path), qPrintable(m_process.errorString()));
}

Program::~Program()
{
    kill();
}

QByteArray Program::log() const
{
    QFile file(m_logFile);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool Program::waitForLog(QByteArrayView text, std::chrono::milliseconds limit) const
{
    bool found = false;
    const auto isOver = [&] {
        const bool ran = isRunning();
        found = log().contains(text);
        return found || !ran;
    };
    return QTest::qWaitFor(isOver, static_cast<int>(limit.count())) && found;
}

QUrl Program::waitForUrl(const QByteArray &words) const
{
    const QRegularExpression pattern(QString::fromUtf8(words) + QStringLiteral(" (https?://\\S+)\\s"));
    QRegularExpressionMatch match;
    const auto isOver = [&] {
        const bool ran = isRunning();
        match = pattern.match(QString::fromUtf8(log()));
        return match.hasMatch() || !ran;
    };
    const bool isKnown = QTest::qWaitFor(isOver, static_cast<int>(patience.count())) && match.hasMatch();
    return isKnown ? QUrl(match.captured(1)) : QUrl();
}

void Program::signal(int number) const
{
    if (isRunning())
        ::kill(static_cast<pid_t>(pid()), number);
}

bool Program::waitForExit(std::chrono::milliseconds limit) const
{
    return QTest::qWaitFor([this] { return !isRunning(); }, static_cast<int>(limit.count()));
}

void Program::kill()
{
    if (!isRunning())
        return;
    m_process.kill();
    m_process.waitForFinished();
}

std::optional<int> Program::exitCode() const
{
    if (isRunning() || m_process.exitStatus() != QProcess::NormalExit)
        return std::nullopt;
    return m_process.exitCode();
}

qint64 Program::residentBytes() const
{
    QFile file(QStringLiteral("/proc/%1/status").arg(pid()));
    static const QRegularExpression pattern(QStringLiteral("VmRSS:\\s+(\\d+) kB"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return pattern.match(QString::fromUtf8(file.readAll())).captured(1).toLongLong() * 1024;
}

} // namespace hearth::testsupport
