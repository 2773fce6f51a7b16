#include "buscall.h"
#include "privatebus.h"

#include <QDBusContext>
#include <QDBusError>
#include <QTest>

#include <optional>

using namespace hearth;
using namespace hearth::platform;
using namespace std::chrono_literals;

namespace {

/// Has one property, and a method that is never answered.
class SlowService final : public QObject, protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.example.Slow")
    Q_PROPERTY(int Number MEMBER number)

public:
    int number = 42;

public Q_SLOTS:

    void Wait() { setDelayedReply(true); }
};

QDBusMessage waitCall()
{
    return QDBusMessage::createMethodCall(QStringLiteral("org.example.Slow"), QStringLiteral("/slow"),
                                          QStringLiteral("org.example.Slow"), QStringLiteral("Wait"));
}

QDBusMessage numberCall(const QString &name)
{
    return readProperty(QStringLiteral("org.example.Slow"), QStringLiteral("/slow"), QStringLiteral("org.example.Slow"),
                        name);
}

} // namespace

class TestBusCall final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void property_data();
    void property();
    void noBus();
    void noAnswer();
    void silentOnceTheContextHasGone();

private:
    QDBusMessage answer(const QDBusConnection &bus, const QDBusMessage &call, Duration patience = busPatience);

    PrivateBus m_daemon;
    SlowService m_service;
    std::optional<QDBusConnection> m_theirs;
    std::optional<QDBusConnection> m_ours;
};

void TestBusCall::initTestCase()
{
    QVERIFY(m_daemon.isRunning());
    m_theirs.emplace(m_daemon.connection(QStringLiteral("theirs")));
    m_ours.emplace(m_daemon.connection(QStringLiteral("ours")));
    QVERIFY(m_theirs->registerObject(QStringLiteral("/slow"), &m_service,
                                     QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllProperties));
    QVERIFY(m_theirs->registerService(QStringLiteral("org.example.Slow")));
}

QDBusMessage TestBusCall::answer(const QDBusConnection &bus, const QDBusMessage &call, Duration patience)
{
    std::optional<QDBusMessage> reply;
    callBus(
        bus, call, *this, [&](const QDBusMessage &message) { reply = message; }, patience);
    if (reply || !QTest::qWaitFor([&] { return reply.has_value(); }))
        return {};
    return *reply;
}

void TestBusCall::property_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("there") << QStringLiteral("Number") << QVariant(42);
    QTest::newRow("not there") << QStringLiteral("Colour") << QVariant();
}

void TestBusCall::property()
{
    QFETCH(QString, name);
    QTEST(propertyIn(answer(*m_ours, numberCall(name))), "value");
}

void TestBusCall::noBus()
{
    const QDBusMessage reply = answer(QDBusConnection(QStringLiteral("never made")), waitCall());
    QCOMPARE(QDBusError(reply).type(), QDBusError::Disconnected);
    QVERIFY(!propertyIn(reply).isValid());
}

void TestBusCall::noAnswer()
{
    QCOMPARE(QDBusError(answer(*m_ours, waitCall(), 50ms)).type(), QDBusError::NoReply);
}

void TestBusCall::silentOnceTheContextHasGone()
{
    int calls = 0;
    auto context = std::make_unique<QObject>();
    callBus(*m_ours, numberCall(QStringLiteral("Number")), *context, [&](const QDBusMessage &) { ++calls; });
    callBus(QDBusConnection(QStringLiteral("never made")), waitCall(), *context,
            [&](const QDBusMessage &) { ++calls; });
    context.reset();
    // Answered after the first one would have been.
    QVERIFY(propertyIn(answer(*m_ours, numberCall(QStringLiteral("Number")))).isValid());
    QCOMPARE(calls, 0);
}

QTEST_GUILESS_MAIN(TestBusCall)

#include "tst_buscall.moc"
