#include "powersource.h"
#include "privatebus.h"

#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace hearth::platform;

namespace {

constexpr auto service = QLatin1String("org.freedesktop.UPower");
constexpr auto path = QLatin1String("/org/freedesktop/UPower");

/// As much of UPower as is asked for.
class FakeUPower final : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.UPower")
    Q_PROPERTY(bool OnBattery MEMBER onBattery)

public:
    bool onBattery = false;
};

} // namespace

class TestPowerSource final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void asksAtFirst();
    void followsChanges();
    void passesOverOtherProperties();
    void noUPower();

private:
    void tell(const QVariantMap &changed) const;

    PrivateBus m_daemon;
    std::optional<QDBusConnection> m_bus;
    FakeUPower m_upower;
};

void TestPowerSource::initTestCase()
{
    QVERIFY(m_daemon.isRunning());
    m_daemon.becomeSystemBus();
    m_bus.emplace(m_daemon.connection(QStringLiteral("upower")));
    QVERIFY(m_bus->registerObject(path, &m_upower, QDBusConnection::ExportAllProperties));
}

void TestPowerSource::init()
{
    QVERIFY(m_bus->registerService(service));
}

void TestPowerSource::cleanup()
{
    m_bus->unregisterService(service);
}

void TestPowerSource::tell(const QVariantMap &changed) const
{
    QDBusMessage signal = QDBusMessage::createSignal(path, QStringLiteral("org.freedesktop.DBus.Properties"),
                                                     QStringLiteral("PropertiesChanged"));
    signal << service << changed << QStringList();
    QVERIFY(m_bus->send(signal));
}

void TestPowerSource::asksAtFirst()
{
    m_upower.onBattery = true;
    const PowerSource source;
    QSignalSpy changes(&source, &PowerSource::changed);
    QVERIFY2(!source.isOnBattery(), "There is no answer yet, and nobody waits for it.");
    QTRY_VERIFY(source.isOnBattery() == true);
    QCOMPARE(changes.size(), 1);
}

void TestPowerSource::followsChanges()
{
    m_upower.onBattery = true;
    const PowerSource source;
    QTRY_VERIFY(source.isOnBattery() == true);
    QSignalSpy changes(&source, &PowerSource::changed);
    tell({{QStringLiteral("OnBattery"), false}});
    QTRY_VERIFY(source.isOnBattery() == false);
    tell({{QStringLiteral("OnBattery"), false}});
    tell({{QStringLiteral("OnBattery"), true}});
    QTRY_VERIFY(source.isOnBattery() == true);
    QCOMPARE(changes.size(), 2);
}

void TestPowerSource::passesOverOtherProperties()
{
    m_upower.onBattery = true;
    const PowerSource source;
    QTRY_VERIFY(source.isOnBattery() == true);
    const PowerSource later;
    tell({{QStringLiteral("LidIsClosed"), true}});
    // The signal was sent before the answer that `later` waits for, and arrives before it.
    QTRY_VERIFY(later.isOnBattery() == true);
    QVERIFY(source.isOnBattery() == true);
}

void TestPowerSource::noUPower()
{
    m_upower.onBattery = true;
    QVERIFY(m_bus->unregisterService(service));
    const PowerSource source;
    tell({{QStringLiteral("OnBattery"), true}});
    // It starts late: what it says from then on counts, what somebody else has said does not.
    QVERIFY(m_bus->registerService(service));
    const PowerSource later;
    QTRY_VERIFY(later.isOnBattery() == true);
    QVERIFY(source.isOnBattery() == false);
    tell({{QStringLiteral("OnBattery"), true}});
    QTRY_VERIFY(source.isOnBattery() == true);
}

QTEST_GUILESS_MAIN(TestPowerSource)

#include "tst_powersource.moc"
