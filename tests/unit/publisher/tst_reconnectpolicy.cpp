#include "reconnectpolicy.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestReconnectPolicy final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void doublesTheBoundUpToTheMaximum();
    void isRandomWithinTheBound();
    void forgetsFailuresAfterSuccess();
    void waitsForAPerson_data();
    void waitsForAPerson();
    void waitsByTheReasonOfTheLoss();

private:
    static ChannelLoss loss(channel::CloseCode code, bool goodbye = false)
    {
        return {{static_cast<int>(code), {}}, goodbye};
    }

    const Error m_unreachable{ErrorCode::Io, QStringLiteral("unreachable")};
    double m_random = 0.5;
    const Random m_source = [this] { return m_random; };
};

void TestReconnectPolicy::doublesTheBoundUpToTheMaximum()
{
    m_random = 0.5;
    ReconnectPolicy policy({}, m_source);
    QList<Duration> waits;
    for (int i = 0; i < 8; ++i)
        waits.append(policy.afterFailure(m_unreachable));
    QCOMPARE(waits, (QList<Duration>{500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s}));
    for (int i = 0; i < 100; ++i)
        QCOMPARE(policy.afterFailure(m_unreachable), Duration(30s));
}

void TestReconnectPolicy::isRandomWithinTheBound()
{
    ReconnectPolicy policy({}, m_source);
    m_random = 0.0;
    QCOMPARE(policy.afterFailure(m_unreachable), Duration(0s));
    m_random = 0.999;
    QCOMPARE(policy.afterFailure(m_unreachable), Duration(1998ms));
}

void TestReconnectPolicy::forgetsFailuresAfterSuccess()
{
    m_random = 0.5;
    ReconnectPolicy policy({}, m_source);
    QCOMPARE(policy.afterFailure(m_unreachable), Duration(500ms));
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::Abnormal)), Duration(1s));
    policy.succeeded();
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::Abnormal)), Duration(500ms));
}

void TestReconnectPolicy::waitsForAPerson_data()
{
    QTest::addColumn<ErrorCode>("code");

    QTest::newRow("unknownKey") << ErrorCode::InvalidApiKey;
    QTest::newRow("wrongScope") << ErrorCode::ScopeMissing;
    QTest::newRow("noKeyFile") << ErrorCode::Configuration;
}

void TestReconnectPolicy::waitsForAPerson()
{
    QFETCH(ErrorCode, code);

    m_random = 0.1;
    ReconnectPolicy policy({}, m_source);
    QCOMPARE(policy.afterFailure({code, {}}), Duration(60s));
    QCOMPARE(policy.afterFailure(m_unreachable), Duration(100ms));
}

void TestReconnectPolicy::waitsByTheReasonOfTheLoss()
{
    m_random = 0.5;
    ReconnectPolicy policy({.maximum = 40s, .replacedWait = 70s}, m_source);
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::Replaced)), Duration(70s));
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::Replaced, true)), Duration(70s));
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::KeyRefused)), Duration(40s));
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::GoingAway, true)), Duration(1s));
    QCOMPARE(policy.afterLoss(loss(channel::CloseCode::GoingAway)), Duration(500ms));
}

QTEST_GUILESS_MAIN(TestReconnectPolicy)
#include "tst_reconnectpolicy.moc"
