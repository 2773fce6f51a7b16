#include "autostart.h"

#include "desktopentry.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace hearth::platform {

namespace {

class AutostartProblems
{
    Q_DECLARE_TR_FUNCTIONS(hearth::platform::AutostartProblems)
};

constexpr auto entryPath = QLatin1String("autostart/hearth-tray.desktop");

/// An entry is a kilobyte or two; a larger one is none.
constexpr qint64 maxEntryBytes = 64 * 1024;

/// The entry of the whole system, `/etc/xdg/autostart/hearth-tray.desktop`; empty when there is none.
QString systemFile(const QString &ownFile)
{
    for (const QString &file : QStandardPaths::locateAll(QStandardPaths::GenericConfigLocation, entryPath)) {
        if (file != ownFile)
            return file;
    }
    return {};
}

/// Two keys switch an entry off without removing it: `Hidden` of the specification, and the one that the session
/// settings of GNOME write.
bool startsProgram(const QString &path)
{
    QFile file(path);
    if (path.isEmpty() || !file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray entry = file.read(maxEntryBytes);
    return desktopEntryValue(entry, "Exec") && desktopEntryValue(entry, "Hidden") != "true" &&
           desktopEntryValue(entry, "X-GNOME-Autostart-enabled") != "false";
}

Result<void> replaceFile(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    if (!QDir().mkpath(QFileInfo(path).absolutePath()) || !file.open(QIODevice::WriteOnly) ||
        file.write(content) != content.size() || !file.commit()) {
        const QString reason = file.error() == QFileDevice::NoError
                                   ? AutostartProblems::tr("its directory cannot be made")
                                   : file.errorString();
        return Error{ErrorCode::Io, AutostartProblems::tr("The file %1 cannot be written: %2.").arg(path, reason)};
    }
    return {};
}

Result<void> removeFile(const QString &path)
{
    QFile file(path);
    if (file.exists() && !file.remove())
        return Error{ErrorCode::Io,
                     AutostartProblems::tr("The file %1 cannot be removed: %2.").arg(path, file.errorString())};
    return {};
}

} // namespace

Autostart::Autostart(QString program, QString configFile)
    : m_program(std::move(program))
    , m_configFile(std::move(configFile))
{}

bool Autostart::isEnabled() const
{
    // An entry of the user stands for the one of the system with the same name, also to switch it off.
    const QString own = file();
    return startsProgram(QFileInfo::exists(own) ? own : systemFile(own));
}

Result<void> Autostart::setEnabled(bool enabled)
{
    const QString own = file();
    if (enabled)
        return replaceFile(own, content());
    if (startsProgram(systemFile(own)))
        return replaceFile(own, "[Desktop Entry]\nType=Application\nName=Hearth\nHidden=true\n");
    return removeFile(own);
}

QString Autostart::file() const
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)).filePath(entryPath);
}

QByteArray Autostart::content() const
{
    QStringList command{m_program, QStringLiteral("--hidden")};
    if (!m_configFile.isEmpty())
        command << QStringLiteral("--config") << m_configFile;
    const QString entry = QStringLiteral("[Desktop Entry]\n"
                                         "Type=Application\n"
                                         "Name=Hearth\n"
                                         "Comment=Shares the language models of this machine\n"
                                         "Icon=hearth-tray\n"
                                         "TryExec=") %
                          desktopEntryString(m_program) % QStringLiteral("\nExec=") % desktopEntryExec(command) %
                          QStringLiteral("\nTerminal=false\n");
    return entry.toUtf8();
}

} // namespace hearth::platform
