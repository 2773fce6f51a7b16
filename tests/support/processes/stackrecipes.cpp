#include "stackrecipes.h"

#include <QFile>
#include <QSaveFile>

namespace hearth::testsupport {

namespace {

const QString wakeScript = QStringLiteral("wake.sh");
const QString sleepScript = QStringLiteral("sleep.sh");
const QString pidFile = QStringLiteral("backend.pid");
const QString gateFile = QStringLiteral("gate");

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void StackRecipes::writeScripts(const QByteArray &backendCommand) const
{
    const QByteArray notePid = " > " + path(pidFile).toUtf8() + '\n';
    switch (m_settings.wake) {
    case WakeType::None:
    case WakeType::Http:
        return;
    case WakeType::Background:
        writeWakeScript(backendCommand + " &\necho $!" + notePid);
        break;
    case WakeType::Foreground:
        writeWakeScript("echo $$" + notePid + "exec " + backendCommand + '\n');
        break;
    case WakeType::Script:
        writeWakeScript(m_settings.script);
        break;
    }
    writeSleepScript(m_settings.sleepScript.isEmpty() ? endBackend() : m_settings.sleepScript);
}

void StackRecipes::writeWakeScript(const QByteArray &lines) const
{
    writeScript(wakeScript, QStringLiteral("wakes"), lines);
}

void StackRecipes::removeWakeScript() const
{
    QFile::remove(path(wakeScript));
}

void StackRecipes::writeSleepScript(const QByteArray &lines) const
{
    writeScript(sleepScript, QStringLiteral("sleeps"), lines);
}

QByteArray StackRecipes::endBackend() const
{
    return "kill $(cat " + path(pidFile).toUtf8() + ")\n";
}

QByteArray StackRecipes::gate() const
{
    return "while [ ! -e " + path(gateFile).toUtf8() + " ]; do sleep 0.02; done\n";
}

void StackRecipes::openGate() const
{
    if (!QFile(path(gateFile)).open(QIODevice::WriteOnly))
        qFatal("Cannot open the gate.");
}

QByteArray StackRecipes::yaml(const QUrl &wakeUrl) const
{
    if (m_settings.wake == WakeType::None)
        return {};
    const auto action = [&](const QByteArray &route, const QString &script) -> QByteArray {
        if (isHttp())
            return "{type: http, url: \"" + wakeUrl.toEncoded() + route + '"';
        return "{type: command, command: " + path(script).toUtf8();
    };
    QByteArray yaml = "    wake: " + action("/wake", wakeScript);
    for (auto it = m_settings.wakeKeys.begin(); it != m_settings.wakeKeys.end(); ++it)
        yaml += ", " + it.key().toUtf8() + ": " + it.value().toUtf8();
    yaml += "}\n";
    if (!m_settings.idleMinutes.isEmpty()) {
        yaml +=
            "    sleep: " + action("/sleep", sleepScript) + ", idleMinutes: " + m_settings.idleMinutes.toUtf8() + "}\n";
    }
    return yaml;
}

qint64 StackRecipes::backendPid() const
{
    return contentOf(path(pidFile)).trimmed().toLongLong();
}

void StackRecipes::writeScript(const QString &name, const QString &runs, const QByteArray &lines) const
{
    // Renamed into place: a program that is being written cannot be started.
    QSaveFile file(path(name));
    const QByteArray script = "#!/bin/sh\necho run >> " + path(runs).toUtf8() + '\n' + lines;
    const bool written = file.open(QIODevice::WriteOnly) && file.write(script) == script.size() &&
                         file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    if (!written || !file.commit())
        qFatal("Cannot write %s.", qPrintable(file.fileName()));
}

int StackRecipes::lines(const QString &file) const
{
    return static_cast<int>(contentOf(path(file)).count('\n'));
}

} // namespace hearth::testsupport
