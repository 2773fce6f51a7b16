// `GET /metrics`: who may ask, in which form, and that what happens in the server gets there.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestMetricsRoute final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_api = std::make_unique<ApiHarness>(); }

    void cleanup() { m_api.reset(); }

    void isForAdministrators();
    void hasTheTypeOfPrometheus();
    void countsWhatTheRelayTells();
    void showsThePresentState();

private:
    std::unique_ptr<ApiCall> ask(const QByteArray &key) const
    {
        return m_api->call({.target = "/metrics", .fields = bearer(key)});
    }

    bool shows(const QByteArray &line) const { return ask(m_api->adminKey)->body().split('\n').contains(line); }

    std::unique_ptr<ApiHarness> m_api;
};

void TestMetricsRoute::isForAdministrators()
{
    QCOMPARE(m_api->call({.target = "/metrics"})->status(), 401);
    QCOMPARE(ask(m_api->inferKey)->status(), 403);
    QCOMPARE(ask(m_api->publishKey)->status(), 403);
    QCOMPARE(ask(m_api->adminKey)->status(), 200);
}

void TestMetricsRoute::hasTheTypeOfPrometheus()
{
    QCOMPARE(ask(m_api->adminKey)->field("content-type"), QByteArray("text/plain; version=0.0.4; charset=utf-8"));
    QVERIFY(shows("hearth_build_info{version=\"1.2.3\"} 1"));
}

void TestMetricsRoute::countsWhatTheRelayTells()
{
    const auto publisher = m_api->server.publish({entry(QStringLiteral("m"))});
    const auto served = m_api->chat("m");
    const TaskId task = m_api->beginAnswer(*publisher, "application/json", "{}");
    QVERIFY(shows("hearth_requests_in_flight 1"));
    publisher->send(channel::ResponseEnd{task});
    QVERIFY(served->waitForEnd());
    QVERIFY(publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Paused, 0}}));
    QCOMPARE(m_api->chat("m")->status(), 503);

    QVERIFY(shows("hearth_requests_total{operation=\"chat\",outcome=\"succeeded\"} 1"));
    QVERIFY(shows("hearth_requests_total{operation=\"chat\",outcome=\"refused\"} 1"));
    QVERIFY(shows("hearth_refusals_total{code=\"publisher_offline\"} 1"));
    QVERIFY(shows("hearth_requests_in_flight 0"));
}

void TestMetricsRoute::showsThePresentState()
{
    channel::LlmEntry single = entry(QStringLiteral("m"));
    single.maxConcurrency = 1;
    const auto publisher = m_api->server.publish({single, sleepingEntry(QStringLiteral("asleep"))});
    auto gone = m_api->server.publish({entry(QStringLiteral("gone"))}, QStringLiteral("bob"));
    gone->breakOff();
    QTRY_VERIFY(shows("hearth_sessions{state=\"away\"} 1"));
    const auto running = m_api->chat("m");
    const auto waiting = m_api->chat("m");
    m_api->clock.advance(1500ms);

    QVERIFY(shows("hearth_sessions{state=\"bound\"} 1"));
    QVERIFY(shows("hearth_llms{status=\"active\"} 1"));
    QVERIFY(shows("hearth_llms{status=\"hibernating\"} 1"));
    QVERIFY(shows("hearth_llms{status=\"inactive\"} 1"));
    QVERIFY(shows("hearth_queue_depth 1"));
    QVERIFY(shows("hearth_requests_in_flight 2"));
    // Of the publisher that is there: the other one is not late, it is gone.
    QVERIFY(shows("hearth_heartbeat_age_seconds 1.5"));
    QVERIFY(publisher->heartbeat());
    QVERIFY(shows("hearth_heartbeat_age_seconds 0"));
}

QTEST_GUILESS_MAIN(TestMetricsRoute)
#include "tst_metricsroute.moc"
