// Activity, fed with requests as a publisher tells them.

#include "activity.h"

#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;
using hearth::publisher::RequestFacts;

class TestActivity final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsAStreamAsItComes();
    void correctsAStreamByItsUsage_data();
    void correctsAStreamByItsUsage();
    void countsARequestThatNobodySaw();
    void countsAnAnswerAsAWholeOverItsTime();
    void tellsRequestsOfTwoChannelsApart();
    void addsUpTheRequestsOfAnLlm();
    void rollsTheHour();
    void remembersTheLatestRequest();
    void forgetsRequestsThatAreGone();

private:
    /// A request to "one" that begins now.
    RequestFacts begin(int task, bool isStream = true) const;

    MinuteSnapshot thisMinute() const { return m_activity->lastHour().back(); }

    /// A stream whose events come evenly, looked at four times a second.
    void stream(RequestFacts &request, int eventsASecond, int seconds);

private Q_SLOTS:
    void init();

private:
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Activity> m_activity;
};

void TestActivity::init()
{
    m_clock = std::make_unique<FakeClock>();
    m_activity = std::make_unique<Activity>(*m_clock);
}

RequestFacts TestActivity::begin(int task, bool isStream) const
{
    RequestFacts request;
    request.task = TaskId(static_cast<quint64>(task));
    request.llm = QStringLiteral("one");
    request.began = m_clock->now();
    request.isStream = isStream;
    if (isStream)
        request.answered = m_clock->now();
    return request;
}

void TestActivity::stream(RequestFacts &request, int eventsASecond, int seconds)
{
    const qint64 before = request.events;
    for (int quarter = 1; quarter <= 4 * seconds; ++quarter) {
        m_clock->advance(250ms);
        request.events = before + eventsASecond * quarter / 4;
        m_activity->sample({&request, 1});
    }
}

void TestActivity::countsAStreamAsItComes()
{
    RequestFacts request = begin(1);
    stream(request, 40, 10);
    const double rate = m_activity->tokensPerSecond(request.task);
    QVERIFY2(rate > 38 && rate < 42, qPrintable(QString::number(rate)));
    QCOMPARE(m_activity->tokensPerSecond(request.llm), rate);
    QCOMPARE(thisMinute(), (MinuteSnapshot{0, 400}));

    m_activity->ended(request);
    QCOMPARE(thisMinute(), (MinuteSnapshot{1, 400}));
    QCOMPARE(m_activity->tokensPerSecond(request.task), 0.0);
    m_clock->advance(10s);
    m_activity->sample({});
    QCOMPARE(m_activity->tokensPerSecond(request.llm), 0.0);
}

void TestActivity::correctsAStreamByItsUsage_data()
{
    QTest::addColumn<qint64>("usage");

    QTest::newRow("more") << qint64{150};
    QTest::newRow("fewer") << qint64{60};
    QTest::newRow("none") << qint64{0};
}

void TestActivity::correctsAStreamByItsUsage()
{
    QFETCH(qint64, usage);

    RequestFacts request = begin(1);
    stream(request, 50, 2);
    request.usage = metering::TokenUsage{.input = 7, .output = usage};
    m_activity->ended(request);
    QCOMPARE(thisMinute(), (MinuteSnapshot{1, usage}));
    m_activity->sample({});
    QCOMPARE(m_activity->tokensPerSecond(request.llm), static_cast<double>(usage) / 2);
}

void TestActivity::countsARequestThatNobodySaw()
{
    RequestFacts request = begin(1);
    m_clock->advance(100ms);
    request.events = 20;
    m_activity->ended(request);
    QCOMPARE(thisMinute(), (MinuteSnapshot{1, 20}));
    m_activity->sample({});
    QCOMPARE(m_activity->tokensPerSecond(request.llm), 20.0);
}

void TestActivity::countsAnAnswerAsAWholeOverItsTime()
{
    RequestFacts request = begin(1, false);
    m_clock->advance(10s);
    m_activity->sample({&request, 1});
    QCOMPARE(m_activity->tokensPerSecond(request.llm), 0.0);
    request.answered = m_clock->now();
    request.usage = metering::TokenUsage{.input = 7, .output = 300};
    m_activity->ended(request);
    m_activity->sample({});
    const double rate = m_activity->tokensPerSecond(request.llm);
    QVERIFY2(rate > 28 && rate < 33, qPrintable(QString::number(rate)));
}

void TestActivity::tellsRequestsOfTwoChannelsApart()
{
    RequestFacts first = begin(1);
    stream(first, 100, 1);
    // The channel is lost with it, and numbers begin anew.
    RequestFacts second = begin(1);
    second.began += 1ms;
    second.events = 5;
    m_clock->advance(250ms);
    m_activity->sample({&second, 1});
    QCOMPARE(thisMinute().tokens, 105);
}

void TestActivity::addsUpTheRequestsOfAnLlm()
{
    std::vector<RequestFacts> requests{begin(1), begin(2), begin(3)};
    requests.back().llm = QStringLiteral("other");
    for (int second = 1; second <= 4; ++second) {
        m_clock->advance(1s);
        for (RequestFacts &request : requests)
            request.events += 10;
        m_activity->sample(requests);
    }
    QCOMPARE(m_activity->tokensPerSecond(QStringLiteral("one")), 20.0);
    QCOMPARE(m_activity->tokensPerSecond(QStringLiteral("other")), 10.0);
    QCOMPARE(m_activity->tokensPerSecond(QStringLiteral("unknown")), 0.0);
}

void TestActivity::rollsTheHour()
{
    RequestFacts request = begin(1);
    request.events = 10;
    m_activity->ended(request);
    m_clock->advance(59min);
    request.task = TaskId{2};
    request.events = 3;
    m_activity->ended(request);

    std::vector<MinuteSnapshot> hour = m_activity->lastHour();
    QCOMPARE(hour.size(), 60u);
    QCOMPARE(hour.front(), (MinuteSnapshot{1, 10}));
    QCOMPARE(hour.back(), (MinuteSnapshot{1, 3}));
    m_clock->advance(1min);
    hour = m_activity->lastHour();
    QCOMPARE(hour.front(), MinuteSnapshot());
    QCOMPARE(hour.at(58), (MinuteSnapshot{1, 3}));
    m_clock->advance(24h);
    QCOMPARE(m_activity->lastHour(), std::vector<MinuteSnapshot>(60));
}

void TestActivity::remembersTheLatestRequest()
{
    QVERIFY(!m_activity->lastRequest(QStringLiteral("one")));
    const RequestFacts first = begin(1);
    m_clock->advance(1s);
    const RequestFacts second = begin(2);
    m_activity->sample({&second, 1});
    m_activity->ended(first);
    QVERIFY(m_activity->lastRequest(QStringLiteral("one")) == second.began);
    m_activity->ended(second);
    QVERIFY(m_activity->lastRequest(QStringLiteral("one")) == second.began);
}

void TestActivity::forgetsRequestsThatAreGone()
{
    RequestFacts request = begin(1);
    stream(request, 100, 1);
    m_activity->sample({});
    QCOMPARE(m_activity->tokensPerSecond(request.task), 0.0);
}

QTEST_GUILESS_MAIN(TestActivity)
#include "tst_activity.moc"
