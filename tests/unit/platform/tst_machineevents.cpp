#include "machineevents.h"
#include "privatebus.h"

#include <QDBusMessage>
#include <QNetworkInformation>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace hearth::platform;

namespace {

constexpr auto networkManager = QLatin1String("org.freedesktop.NetworkManager");
constexpr auto networkManagerPath = QLatin1String("/org/freedesktop/NetworkManager");

/// NMState of NetworkManager's API.
enum class NetworkState : uint { Disconnected = 20, ConnectedSite = 60, ConnectedGlobal = 70 };

/// As much of NetworkManager as Qt asks for.
class FakeNetworkManager final : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager")
    Q_PROPERTY(uint State READ state CONSTANT)

public:
    uint state() const { return static_cast<uint>(NetworkState::ConnectedGlobal); }
};

} // namespace

class TestMachineEvents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void resume();
    void networkIsBack();

private:
    void tellSleep(bool begins) const;
    void tellNetwork(NetworkState state) const;

    PrivateBus m_daemon;
    std::optional<QDBusConnection> m_bus;
    QThread m_thread;
    FakeNetworkManager m_manager;
};

void TestMachineEvents::initTestCase()
{
    QVERIFY(m_daemon.isRunning());
    m_daemon.becomeSystemBus();
    m_bus.emplace(m_daemon.connection(QStringLiteral("machine")));
    // Qt's backend waits for its answers, so they must come from another thread.
    m_thread.start();
    m_manager.moveToThread(&m_thread);
    QVERIFY(m_bus->registerObject(networkManagerPath, &m_manager, QDBusConnection::ExportAllProperties));
    QVERIFY(m_bus->registerService(networkManager));
    QVERIFY(m_bus->registerService(QStringLiteral("org.freedesktop.login1")));
}

void TestMachineEvents::cleanupTestCase()
{
    m_thread.quit();
    m_thread.wait();
}

void TestMachineEvents::tellSleep(bool begins) const
{
    QDBusMessage signal =
        QDBusMessage::createSignal(QStringLiteral("/org/freedesktop/login1"),
                                   QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("PrepareForSleep"));
    signal << begins;
    QVERIFY(m_bus->send(signal));
}

void TestMachineEvents::tellNetwork(NetworkState state) const
{
    QDBusMessage signal = QDBusMessage::createSignal(
        networkManagerPath, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("PropertiesChanged"));
    signal << networkManager << QVariantMap{{QStringLiteral("State"), static_cast<uint>(state)}} << QStringList();
    QVERIFY(m_bus->send(signal));
}

void TestMachineEvents::resume()
{
    const MachineEvents events;
    QSignalSpy cameBack(&events, &MachineEvents::cameBack);
    tellSleep(true);
    tellSleep(false);
    QVERIFY(cameBack.wait());
    QCOMPARE(cameBack.size(), 1);
    tellSleep(true);
    tellSleep(false);
    QVERIFY(cameBack.wait());
    QCOMPARE(cameBack.size(), 2);
}

void TestMachineEvents::networkIsBack()
{
    const MachineEvents events;
    if (!QNetworkInformation::instance() ||
        QNetworkInformation::instance()->backendName() != QLatin1String("networkmanager"))
        QSKIP("Qt has no NetworkManager backend here.");
    QSignalSpy cameBack(&events, &MachineEvents::cameBack);
    const auto reachability = [] { return QNetworkInformation::instance()->reachability(); };
    QCOMPARE(reachability(), QNetworkInformation::Reachability::Online);
    tellNetwork(NetworkState::Disconnected);
    QTRY_COMPARE(reachability(), QNetworkInformation::Reachability::Disconnected);
    tellNetwork(NetworkState::ConnectedSite);
    QTRY_COMPARE(reachability(), QNetworkInformation::Reachability::Site);
    QVERIFY2(cameBack.isEmpty(), "A network that does not lead to the server is none.");
    tellNetwork(NetworkState::ConnectedGlobal);
    QVERIFY(cameBack.wait());
    QCOMPARE(cameBack.size(), 1);
}

QTEST_GUILESS_MAIN(TestMachineEvents)

#include "tst_machineevents.moc"
