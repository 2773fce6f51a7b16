// DesktopKeyring against a real gnome-keyring-daemon on a bus of its own. The order of the tests is the life of a
// desktop: no keyring, one that is open, the same one locked.

#include "closedprompter.h"
#include "desktopkeyring.h"
#include "privatebus.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <optional>
#include <sys/prctl.h>

using namespace hearth;
using namespace hearth::platform;

namespace {

constexpr auto secretService = QLatin1String("org.freedesktop.secrets");

} // namespace

class TestDesktopKeyring final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void noKeyring();
    void openKeyring();
    void destroyedStoreStaysSilent();
    void lockedKeyring();
    void waitingDoesNotNag();

private:
    void startDaemon();
    void lock();
    Result<QByteArray> read(const QString &entry);
    Result<void> write(const QString &entry, const QByteArray &key);

    QTemporaryDir m_home;
    PrivateBus m_bus;
    QProcess m_daemon;
    ClosedPrompter m_prompter;
    DesktopKeyring m_keyring;
};

void TestDesktopKeyring::initTestCase()
{
    if (QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon")).isEmpty())
        QSKIP("There is no gnome-keyring-daemon here.");
    QVERIFY(m_bus.isRunning());
    m_bus.becomeSessionBus();
    for (const char *name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"})
        qputenv(name, QFile::encodeName(m_home.path()));
    // What QtKeychain chooses its backend by.
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    qunsetenv("KDE_FULL_SESSION");
}

void TestDesktopKeyring::cleanupTestCase()
{
    m_daemon.kill();
    m_daemon.waitForFinished();
}

void TestDesktopKeyring::startDaemon()
{
    m_daemon.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_daemon.start(QStringLiteral("gnome-keyring-daemon"), {QStringLiteral("--unlock"), QStringLiteral("--foreground"),
                                                            QStringLiteral("--components=secrets")});
    m_daemon.write("a password");
    m_daemon.closeWriteChannel();
}

Result<QByteArray> TestDesktopKeyring::read(const QString &entry)
{
    std::optional<Result<QByteArray>> found;
    m_keyring.read(entry, [&](const Result<QByteArray> &answer) { found = answer; });
    if (!QTest::qWaitFor([&] { return found.has_value(); }, 20'000))
        return Error{ErrorCode::Internal, QStringLiteral("The keyring has not answered.")};
    return *found;
}

Result<void> TestDesktopKeyring::write(const QString &entry, const QByteArray &key)
{
    std::optional<Result<void>> written;
    m_keyring.write(entry, key, [&](const Result<void> &answer) { written = answer; });
    if (!QTest::qWaitFor([&] { return written.has_value(); }, 20'000))
        return Error{ErrorCode::Internal, QStringLiteral("The keyring has not answered.")};
    return *written;
}

void TestDesktopKeyring::noKeyring()
{
    const Result<QByteArray> found = read(QStringLiteral("publisher:/a"));
    QVERIFY(!found);
    QCOMPARE(toString(found.error().code), toString(ErrorCode::Io));
    const Result<void> written = write(QStringLiteral("publisher:/a"), "hk_a");
    QVERIFY(!written);
    QCOMPARE(toString(written.error().code), toString(ErrorCode::Io));
    QVERIFY(!written.error().message.contains(QLatin1String("hk_a")));
}

void TestDesktopKeyring::openKeyring()
{
    startDaemon();
    QDBusConnectionInterface *bus = QDBusConnection::sessionBus().interface();
    QTRY_VERIFY_WITH_TIMEOUT(bus->isServiceRegistered(secretService), 20'000);

    const Result<QByteArray> missing = read(QStringLiteral("publisher:/a"));
    QVERIFY(!missing);
    QCOMPARE(toString(missing.error().code), toString(ErrorCode::NotFound));

    QVERIFY(write(QStringLiteral("publisher:/a"), "hk_a"));
    QVERIFY(write(QStringLiteral("publisher:/b"), "hk_b"));
    QCOMPARE(read(QStringLiteral("publisher:/a")).value(), "hk_a");
    QVERIFY(write(QStringLiteral("publisher:/a"), "hk_other"));
    QCOMPARE(read(QStringLiteral("publisher:/a")).value(), "hk_other");
    QCOMPARE(read(QStringLiteral("publisher:/b")).value(), "hk_b");
}

void TestDesktopKeyring::destroyedStoreStaysSilent()
{
    bool isCalled = false;
    std::optional<DesktopKeyring> other(std::in_place);
    other->read(QStringLiteral("publisher:/a"), [&](const Result<QByteArray> &) { isCalled = true; });
    other->read(QStringLiteral("publisher:/none"), [&](const Result<QByteArray> &) { isCalled = true; });
    other->write(QStringLiteral("publisher:/c"), "hk_c", [&](const Result<void> &) { isCalled = true; });
    other.reset();
    // QtKeychain works one job after the other: with this one those before it have ended.
    QVERIFY(read(QStringLiteral("publisher:/b")));
    QVERIFY(!isCalled);
}

void TestDesktopKeyring::lock()
{
    QDBusMessage lock =
        QDBusMessage::createMethodCall(secretService, QStringLiteral("/org/freedesktop/secrets"),
                                       QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("Lock"));
    const QList<QDBusObjectPath> collections{
        QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/aliases/default"))};
    lock << QVariant::fromValue(collections);
    QCOMPARE(QDBusConnection::sessionBus().call(lock).type(), QDBusMessage::ReplyMessage);
}

void TestDesktopKeyring::lockedKeyring()
{
    lock();
    const Result<QByteArray> found = read(QStringLiteral("publisher:/a"));
    QVERIFY(!found);
    QCOMPARE(toString(found.error().code), toString(ErrorCode::Conflict));
    const Result<void> written = write(QStringLiteral("publisher:/a"), "hk_a");
    QVERIFY(!written);
    QCOMPARE(toString(written.error().code), toString(ErrorCode::Conflict));
}

void TestDesktopKeyring::waitingDoesNotNag()
{
    QDBusConnection bus = m_bus.connection(QStringLiteral("prompter"));
    QVERIFY(bus.registerObject(QStringLiteral("/org/gnome/keyring/Prompter"), &m_prompter,
                               QDBusConnection::ExportAllSlots));
    QVERIFY(bus.registerService(QStringLiteral("org.gnome.keyring.SystemPrompter")));
    DesktopKeyring keyring;
    const auto readAgain = [&] {
        std::optional<Result<QByteArray>> found;
        keyring.read(QStringLiteral("publisher:/a"), [&](const Result<QByteArray> &answer) { found = answer; });
        return QTest::qWaitFor([&] { return found.has_value(); }, 20'000) && !*found &&
               found->error().code == ErrorCode::Conflict;
    };
    QVERIFY(readAgain());
    QCOMPARE(m_prompter.prompts, 1);
    QVERIFY(readAgain());
    QCOMPARE(m_prompter.prompts, 1);
    // To store a key is the owner's own wish, so he is asked again.
    QVERIFY(!write(QStringLiteral("publisher:/a"), "hk_a"));
    QCOMPARE(m_prompter.prompts, 2);
}

QTEST_GUILESS_MAIN(TestDesktopKeyring)

#include "tst_desktopkeyring.moc"
