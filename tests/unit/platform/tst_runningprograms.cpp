#include "runningprograms.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth::platform;

class TestRunningPrograms final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void ourselves();
    void longName();
    void replacedByAnUpdate();
    void script();
    void windowsProgram();
    void goneWhenItEnds();
    void endsWhileItIsLookedAt();

private:
    QString copyOfSleep(const QString &name) const;
    void start(const QString &program, const QStringList &arguments);

    QTemporaryDir m_directory;
    QString m_sleep;
    QProcess m_process;
};

void TestRunningPrograms::initTestCase()
{
    m_sleep = QStandardPaths::findExecutable(QStringLiteral("sleep"));
    QVERIFY(!m_sleep.isEmpty());
}

void TestRunningPrograms::cleanup()
{
    m_process.kill();
    m_process.waitForFinished();
}

QString TestRunningPrograms::copyOfSleep(const QString &name) const
{
    const QString path = m_directory.filePath(name);
    return QFile::copy(m_sleep, path) ? path : QString();
}

void TestRunningPrograms::start(const QString &program, const QStringList &arguments)
{
    m_process.start(program, arguments);
    QVERIFY2(m_process.waitForStarted(), qPrintable(m_process.errorString()));
}

void TestRunningPrograms::ourselves()
{
    const QStringList programs = runningPrograms();
    QVERIFY2(programs.contains(QLatin1String("tst_runningprograms")), qPrintable(programs.join(u' ')));
    QCOMPARE(programs.count(QStringLiteral("tst_runningprograms")), 1);
    QVERIFY(!programs.contains(QString()));
}

void TestRunningPrograms::longName()
{
    // Longer than the kernel's own name for a process.
    const QString name = QStringLiteral("a-game-with-a-very-long-name");
    start(copyOfSleep(name), {QStringLiteral("60")});
    QTRY_VERIFY(runningPrograms().contains(name));
    QVERIFY2(!runningPrograms().contains(name.first(15)), "A name that was cut is nobody's name.");
}

void TestRunningPrograms::replacedByAnUpdate()
{
    const QString name = QStringLiteral("updated-game");
    const QString path = copyOfSleep(name);
    start(path, {QStringLiteral("60")});
    QVERIFY(QFile::remove(path));
    QTRY_VERIFY(runningPrograms().contains(name));
    QVERIFY(!runningPrograms().contains(name + QStringLiteral(" (deleted)")));
}

void TestRunningPrograms::script()
{
    const QString path = m_directory.filePath(QStringLiteral("scripted-game"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\nread line\n");
    file.close();
    QVERIFY(file.setPermissions(QFileDevice::ReadOwner | QFileDevice::ExeOwner));
    start(path, {});
    QTRY_VERIFY(runningPrograms().contains(QLatin1String("scripted-game")));
}

void TestRunningPrograms::windowsProgram()
{
    // As Wine starts one: the program is Wine's loader, and the path of the game is what it was started as.
    start(QStringLiteral("bash"),
          {QStringLiteral("-c"), QStringLiteral("exec -a 'C:\\Games\\Some Game.exe' sleep 60")});
    QTRY_VERIFY(runningPrograms().contains(QLatin1String("Some Game.exe")));
}

void TestRunningPrograms::goneWhenItEnds()
{
    const QString name = QStringLiteral("short-game");
    start(copyOfSleep(name), {QStringLiteral("60")});
    QTRY_VERIFY(runningPrograms().contains(name));
    cleanup();
    QVERIFY(!runningPrograms().contains(name));
}

void TestRunningPrograms::endsWhileItIsLookedAt()
{
    // What can be read of a process that has just ended: nothing, or files without content.
    QTemporaryDir processes;
    QVERIFY(QDir(processes.path()).mkpath(QStringLiteral("17")) && QDir(processes.path()).mkpath(QStringLiteral("18")));
    for (const char *name : {"18/comm", "18/cmdline"}) {
        QFile file(processes.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QCOMPARE(programsIn(processes.path() + u'/'), QStringList());
}

QTEST_GUILESS_MAIN(TestRunningPrograms)

#include "tst_runningprograms.moc"
