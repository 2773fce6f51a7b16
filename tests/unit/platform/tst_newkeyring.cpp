// DesktopKeyring on a desktop that is new: its service runs, and nobody has made a keyring yet.

#include "closedprompter.h"
#include "desktopkeyring.h"
#include "privatebus.h"

#include <QDBusConnectionInterface>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <optional>
#include <sys/prctl.h>

using namespace hearth;
using namespace hearth::platform;

class TestNewKeyring final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ownerMakesNone();
};

void TestNewKeyring::ownerMakesNone()
{
    if (QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon")).isEmpty())
        QSKIP("There is no gnome-keyring-daemon here.");
    const QTemporaryDir home;
    PrivateBus privateBus;
    QVERIFY(privateBus.isRunning());
    privateBus.becomeSessionBus();
    for (const char *name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"})
        qputenv(name, QFile::encodeName(home.path()));
    // What QtKeychain chooses its backend by.
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    qunsetenv("KDE_FULL_SESSION");
    ClosedPrompter prompter;
    QDBusConnection bus = privateBus.connection(QStringLiteral("prompter"));
    QVERIFY(
        bus.registerObject(QStringLiteral("/org/gnome/keyring/Prompter"), &prompter, QDBusConnection::ExportAllSlots));
    QVERIFY(bus.registerService(QStringLiteral("org.gnome.keyring.SystemPrompter")));
    QProcess daemon;
    daemon.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    daemon.start(QStringLiteral("gnome-keyring-daemon"),
                 {QStringLiteral("--foreground"), QStringLiteral("--components=secrets")});
    const QDBusConnectionInterface *names = QDBusConnection::sessionBus().interface();
    QTRY_VERIFY_WITH_TIMEOUT(names->isServiceRegistered(QStringLiteral("org.freedesktop.secrets")), 20'000);

    DesktopKeyring keyring;
    std::optional<Result<void>> written;
    keyring.write(QStringLiteral("publisher:/a"), "hk_a", [&](const Result<void> &answer) { written = answer; });
    QTRY_VERIFY_WITH_TIMEOUT(written.has_value(), 20'000);
    QCOMPARE(prompter.prompts, 1);
    QVERIFY(!*written);
    // What is not there cannot be unlocked: a file takes the key.
    QCOMPARE(toString(written->error().code), toString(ErrorCode::Io));
    QVERIFY2(written->error().message.contains(QLatin1String("no keyring yet")), qPrintable(written->error().message));
    daemon.kill();
    QVERIFY(daemon.waitForFinished());
}

QTEST_GUILESS_MAIN(TestNewKeyring)

#include "tst_newkeyring.moc"
