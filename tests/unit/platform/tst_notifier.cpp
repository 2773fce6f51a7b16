#include "fakenotifications.h"
#include "notifier.h"
#include "privatebus.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth::platform;
using namespace std::chrono_literals;

namespace {

constexpr auto service = QLatin1String("org.freedesktop.Notifications");
constexpr auto path = QLatin1String("/org/freedesktop/Notifications");

Notification keyRefused(const QString &text = QStringLiteral("The server refuses the key."))
{
    return {QStringLiteral("keyRefused"), QStringLiteral("Key refused"), text};
}

} // namespace

class TestNotifier final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsAll();
    void plainTextStaysPlain_data();
    void plainTextStaysPlain();
    void replacesTheSameCause();
    void showsOtherCausesBesideIt();
    void onlyTheLastOfAHurry();
    void clickActivates();
    void closedOneIsNotReplaced();
    void withdraw();
    void withdrawOneThatIsOnItsWay();
    void noServer();
    void serverRefuses();
    void serverDoesNotAnswer();
    void serverStartsAnew();

private:
    bool waitForShown(qsizetype count);

    PrivateBus m_daemon;
    std::optional<QDBusConnection> m_bus;
    std::unique_ptr<FakeNotifications> m_server;
    std::unique_ptr<DesktopNotifier> m_notifier;
};

void TestNotifier::initTestCase()
{
    QVERIFY(m_daemon.isRunning());
    m_daemon.becomeSessionBus();
    m_bus.emplace(m_daemon.connection(QStringLiteral("notifications")));
    QVERIFY(m_bus->isConnected());
    qRegisterMetaType<Notification>();
}

void TestNotifier::init()
{
    m_server = std::make_unique<FakeNotifications>();
    QVERIFY(m_bus->registerObject(path, m_server.get(),
                                  QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(m_bus->registerService(service));
    m_notifier = std::make_unique<DesktopNotifier>(nullptr, NotifierSettings{.patience = 5s});
}

void TestNotifier::cleanup()
{
    m_notifier.reset();
    m_bus->unregisterObject(path);
    m_bus->unregisterService(service);
}

bool TestNotifier::waitForShown(qsizetype count)
{
    return QTest::qWaitFor([&] { return m_server->shown.size() >= count; });
}

void TestNotifier::showsAll()
{
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    const ShownNotification &shown = m_server->shown.constFirst();
    QCOMPARE(shown.program, QStringLiteral("Hearth"));
    QCOMPARE(shown.replaces, 0U);
    QCOMPARE(shown.icon, QStringLiteral("hearth-tray"));
    QCOMPARE(shown.title, QStringLiteral("Key refused"));
    QCOMPARE(shown.body, QStringLiteral("The server refuses the key."));
    QCOMPARE(shown.actions.value(0), QStringLiteral("default"));
    QCOMPARE(shown.actions.size(), 2);
    QCOMPARE(shown.hints.value(QStringLiteral("desktop-entry")).toString(), QStringLiteral("hearth-tray"));
    // The specification wants a byte, and some servers take nothing else.
    QCOMPARE(shown.hints.value(QStringLiteral("urgency")).metaType(), QMetaType::fromType<uchar>());
}

void TestNotifier::plainTextStaysPlain_data()
{
    QTest::addColumn<QStringList>("capabilities");
    QTest::addColumn<QString>("body");
    const QStringList markup{QStringLiteral("body"), QStringLiteral("body-markup")};
    QTest::newRow("markup") << markup << QStringLiteral("&lt;b&gt; &amp; &quot;c&quot;");
    QTest::newRow("no markup") << QStringList{QStringLiteral("body")} << QStringLiteral("<b> & \"c\"");
}

void TestNotifier::plainTextStaysPlain()
{
    QFETCH(QStringList, capabilities);
    m_server->capabilities = capabilities;
    m_notifier->show(keyRefused(QStringLiteral("<b> & \"c\"")));
    QVERIFY(waitForShown(1));
    QTEST(m_server->shown.constFirst().body, "body");
}

void TestNotifier::replacesTheSameCause()
{
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    m_notifier->show(keyRefused(QStringLiteral("Still.")));
    QVERIFY(waitForShown(2));
    QCOMPARE(m_server->shown.at(1).replaces, m_server->shown.at(0).serverId);
    QCOMPARE(m_server->shown.at(1).body, QStringLiteral("Still."));
}

void TestNotifier::showsOtherCausesBesideIt()
{
    m_notifier->show(keyRefused());
    m_notifier->show({QStringLiteral("nameTaken:a"), QStringLiteral("Name taken"), QStringLiteral("a")});
    QVERIFY(waitForShown(2));
    QCOMPARE(m_server->shown.at(0).replaces, 0U);
    QCOMPARE(m_server->shown.at(1).replaces, 0U);
}

void TestNotifier::onlyTheLastOfAHurry()
{
    m_server->isHolding = true;
    m_notifier->show(keyRefused(QStringLiteral("1")));
    QVERIFY(waitForShown(1));
    m_notifier->show(keyRefused(QStringLiteral("2")));
    m_notifier->show(keyRefused(QStringLiteral("3")));
    m_server->isHolding = false;
    m_server->answerHeld();
    QVERIFY(waitForShown(2));
    QCOMPARE(m_server->shown.at(1).body, QStringLiteral("3"));
    QCOMPARE(m_server->shown.at(1).replaces, m_server->shown.at(0).serverId);
}

void TestNotifier::clickActivates()
{
    QSignalSpy activated(m_notifier.get(), &Notifier::activated);
    m_notifier->show(keyRefused());
    m_notifier->show({QStringLiteral("other"), QStringLiteral("Other"), QStringLiteral("Other")});
    QVERIFY(waitForShown(2));
    Q_EMIT m_server->ActionInvoked(4711, QStringLiteral("default"));
    Q_EMIT m_server->ActionInvoked(m_server->shown.at(0).serverId, QStringLiteral("settings"));
    Q_EMIT m_server->ActionInvoked(m_server->shown.at(1).serverId, QStringLiteral("default"));
    QVERIFY(activated.wait());
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.at(0).at(0).toString(), QStringLiteral("other"));
}

void TestNotifier::closedOneIsNotReplaced()
{
    QSignalSpy activated(m_notifier.get(), &Notifier::activated);
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    const uint serverId = m_server->shown.at(0).serverId;
    Q_EMIT m_server->NotificationClosed(serverId, 2);
    // The signals come in order: when the second one of these is here, so was the first of all.
    m_notifier->show({QStringLiteral("other"), QStringLiteral("Other"), QStringLiteral("Other")});
    QVERIFY(waitForShown(2));
    Q_EMIT m_server->ActionInvoked(m_server->shown.at(1).serverId, QStringLiteral("default"));
    QVERIFY(activated.wait());
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(3));
    QCOMPARE(m_server->shown.at(2).replaces, 0U);
}

void TestNotifier::withdraw()
{
    QSignalSpy activated(m_notifier.get(), &Notifier::activated);
    m_notifier->withdraw(QStringLiteral("never shown"));
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    Q_EMIT m_server->ActionInvoked(m_server->shown.at(0).serverId, QStringLiteral("default"));
    QVERIFY(activated.wait());
    m_notifier->withdraw(QStringLiteral("keyRefused"));
    QTRY_COMPARE(m_server->closed, QList<uint>{m_server->shown.at(0).serverId});
}

void TestNotifier::withdrawOneThatIsOnItsWay()
{
    m_server->isHolding = true;
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    m_notifier->withdraw(QStringLiteral("keyRefused"));
    QVERIFY(m_server->closed.isEmpty());
    m_server->answerHeld();
    QTRY_COMPARE(m_server->closed, QList<uint>{m_server->shown.at(0).serverId});
    QCOMPARE(m_server->shown.size(), 1);
}

void TestNotifier::noServer()
{
    QVERIFY(m_bus->unregisterService(service));
    QSignalSpy unavailable(m_notifier.get(), &Notifier::unavailable);
    m_notifier->show(keyRefused());
    QVERIFY2(unavailable.isEmpty(), "The signal must not come from within the call.");
    QVERIFY(unavailable.wait());
    QCOMPARE(unavailable.at(0).at(0).value<Notification>(), keyRefused());
}

void TestNotifier::serverRefuses()
{
    m_server->isRefusing = true;
    QSignalSpy unavailable(m_notifier.get(), &Notifier::unavailable);
    m_notifier->show(keyRefused());
    QVERIFY(unavailable.wait());
    QCOMPARE(unavailable.at(0).at(0).value<Notification>(), keyRefused());
    m_server->isRefusing = false;
    m_notifier->show(keyRefused());
    QVERIFY2(waitForShown(1), "One failure is not the end of all notifications.");
}

void TestNotifier::serverDoesNotAnswer()
{
    m_notifier = std::make_unique<DesktopNotifier>(nullptr, NotifierSettings{.patience = 50ms});
    m_server->isHolding = true;
    QSignalSpy unavailable(m_notifier.get(), &Notifier::unavailable);
    m_notifier->show(keyRefused());
    QVERIFY(unavailable.wait());
    QCOMPARE(unavailable.at(0).at(0).value<Notification>(), keyRefused());
}

void TestNotifier::serverStartsAnew()
{
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(1));
    QVERIFY(m_bus->unregisterService(service));
    QVERIFY(m_bus->registerService(service));
    QSignalSpy activated(m_notifier.get(), &Notifier::activated);
    m_notifier->show({QStringLiteral("other"), QStringLiteral("Other"), QStringLiteral("Other")});
    QVERIFY(waitForShown(2));
    m_notifier->show(keyRefused());
    QVERIFY(waitForShown(3));
    QCOMPARE(m_server->shown.at(2).replaces, 0U);
}

QTEST_GUILESS_MAIN(TestNotifier)

#include "tst_notifier.moc"
