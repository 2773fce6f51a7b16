// What a publisher tells of its channel, and of why and for how long there is none.

#include "publisherfixture.h"

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestConnectionFacts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresOneQuestionAtATime();
    void ignoresAnswersToNothing();
    void knowsTheServer();
    void measuresHeartbeats();
    void countsFromTheFirstRegister();
    void tellsTheNextAttempt();
    void connectsNow();
    void connectsOnlyWhileItWaits();
    void asksForASignOfLife();
    void givesUpAChannelWithoutLife();
    void tellsTheKindOfTheProblem_data();
    void tellsTheKindOfTheProblem();
    void tellsTheKindOfTheLoss_data();
    void tellsTheKindOfTheLoss();
    void waitsForAPersonWithoutAKey_data();
    void waitsForAPersonWithoutAKey();
};

void TestConnectionFacts::measuresOneQuestionAtATime()
{
    const MonotonicTime start{1h};
    RoundTrip trip;
    trip.asked(start);
    trip.asked(start + 5ms);
    QVERIFY(trip.answered(start + 20ms) == 20ms);
    QVERIFY2(!trip.answered(start + 30ms), "It was asked while another one was open.");
    trip.asked(start + 40ms);
    QVERIFY(trip.answered(start + 47ms) == 7ms);
}

void TestConnectionFacts::ignoresAnswersToNothing()
{
    const MonotonicTime start{1h};
    RoundTrip trip;
    QVERIFY(!trip.answered(start));
    trip.asked(start + 1s);
    QVERIFY(trip.answered(start + 2s) == 1s);
}

void TestConnectionFacts::knowsTheServer()
{
    PublisherFixture fixture;
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    QVERIFY2(!fixture.publisher->connection(), "It is not online yet.");
    fixture.clock.advance(1s);
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    const auto facts = fixture.publisher->connection();
    QVERIFY(facts);
    QCOMPARE(facts->serverVersion, QStringLiteral("0.1.0"));
    QCOMPARE(facts->epoch, quint64(1));
    QVERIFY(facts->since == fixture.clock.now());
    QVERIFY(facts->lastHeartbeat == facts->since);
    QVERIFY(!facts->roundTrip);
    fixture.server->channel->breakOff();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QVERIFY(!fixture.publisher->connection());
}

void TestConnectionFacts::measuresHeartbeats()
{
    PublisherFixture fixture;
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    fixture.clock.advance(15s);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
    fixture.clock.advance(40ms);
    fixture.server->send(channel::HeartbeatAck{});
    QTRY_VERIFY(fixture.publisher->connection()->roundTrip);
    QVERIFY(fixture.publisher->connection()->roundTrip == 40ms);
    QVERIFY(fixture.publisher->connection()->lastHeartbeat == fixture.clock.now());
}

void TestConnectionFacts::countsFromTheFirstRegister()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    const MonotonicTime since = fixture.publisher->connection()->since;
    fixture.clock.advance(5s);
    fixture.settings.name = QStringLiteral("other-box");
    fixture.apply();
    QVERIFY(fixture.server->waitFor<channel::Register>(2));
    fixture.server->send(channel::Registered{fixture.publisher->providerSessionId(), 2, {}});
    QTRY_COMPARE(fixture.publisher->connection()->epoch, quint64(2));
    QVERIFY(fixture.publisher->connection()->since == since);
}

void TestConnectionFacts::tellsTheNextAttempt()
{
    PublisherFixture fixture;
    fixture.make();
    QVERIFY(!fixture.publisher->nextAttempt());
    fixture.publisher->start();
    QVERIFY(!fixture.publisher->nextAttempt());
    fixture.dialer.refuse({ErrorCode::Io, QStringLiteral("Cannot reach the server.")});
    QVERIFY(fixture.publisher->nextAttempt() == fixture.clock.now() + 500ms);
    fixture.clock.advance(500ms);
    QVERIFY(!fixture.publisher->nextAttempt());
    fixture.dialer.refuse({ErrorCode::Io, QStringLiteral("Cannot reach the server.")});
    QVERIFY(fixture.publisher->nextAttempt());
    fixture.publisher->stop();
    QVERIFY(!fixture.publisher->nextAttempt());
}

void TestConnectionFacts::connectsNow()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    fixture.dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("Make a new key.")});
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.dialed, 2);
    QVERIFY(fixture.publisher->state() == ConnectionState::Connecting);
    QVERIFY(!fixture.publisher->nextAttempt());
}

void TestConnectionFacts::connectsOnlyWhileItWaits()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.dialed, 0);
    fixture.publisher->start();
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.dialed, 1);
    fixture.greet();
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.dialed, 1);
    fixture.publisher->stop();
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.dialed, 1);
}

void TestConnectionFacts::asksForASignOfLife()
{
    PublisherFixture fixture;
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    fixture.publisher->connectNow();
    fixture.publisher->connectNow();
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
    QCOMPARE(fixture.server->all<channel::Heartbeat>().size(), 1);
    fixture.clock.advance(5s);
    fixture.server->send(channel::HeartbeatAck{});
    QTRY_VERIFY(fixture.publisher->connection()->lastHeartbeat == fixture.clock.now());
    fixture.clock.advance(5s);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
    QCOMPARE(fixture.dialer.dialed, 1);
}

void TestConnectionFacts::givesUpAChannelWithoutLife()
{
    PublisherFixture fixture;
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    // Its answer was on the way when the box went to sleep.
    fixture.clock.advance(15s);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
    fixture.publisher->connectNow();
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>(2));
    fixture.server->send(channel::HeartbeatAck{});
    QTRY_VERIFY(fixture.publisher->connection()->roundTrip);
    fixture.clock.advance(fixture.settings.answerTimeout - 1ms);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
    fixture.clock.advance(1ms);
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QVERIFY(fixture.publisher->problem().contains(QStringLiteral("did not answer a heartbeat")));
    QVERIFY(fixture.publisher->nextAttempt());
}

void TestConnectionFacts::tellsTheKindOfTheProblem_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("away") << ErrorCode::Io;
    QTest::newRow("key") << ErrorCode::InvalidApiKey;
    QTest::newRow("scope") << ErrorCode::ScopeMissing;
}

void TestConnectionFacts::tellsTheKindOfTheProblem()
{
    QFETCH(const ErrorCode, code);
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    QVERIFY(!fixture.publisher->problemCode());
    fixture.dialer.refuse({code, QStringLiteral("No.")});
    QVERIFY(fixture.publisher->problemCode() == code);
    fixture.publisher->connectNow();
    QVERIFY2(fixture.publisher->problemCode() == code, "It holds until the server says otherwise.");
    fixture.greet();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.acceptAll();
    QTRY_VERIFY(!fixture.publisher->problemCode());
}

void TestConnectionFacts::tellsTheKindOfTheLoss_data()
{
    QTest::addColumn<channel::CloseCode>("reason");
    QTest::addColumn<ErrorCode>("expected");
    QTest::newRow("replaced") << channel::CloseCode::Replaced << ErrorCode::Conflict;
    QTest::newRow("key refused") << channel::CloseCode::KeyRefused << ErrorCode::InvalidApiKey;
    QTest::newRow("going away") << channel::CloseCode::GoingAway << ErrorCode::Io;
}

void TestConnectionFacts::tellsTheKindOfTheLoss()
{
    QFETCH(const channel::CloseCode, reason);
    QFETCH(const ErrorCode, expected);
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->channel->close(reason, QStringLiteral("Bye."));
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QVERIFY(fixture.publisher->problemCode() == expected);
}

void TestConnectionFacts::waitsForAPersonWithoutAKey_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("key file") << ErrorCode::Configuration;
    QTest::newRow("locked keyring") << ErrorCode::Conflict;
    QTest::newRow("nothing in the keyring") << ErrorCode::NotFound;
}

void TestConnectionFacts::waitsForAPersonWithoutAKey()
{
    QFETCH(const ErrorCode, code);
    PublisherFixture fixture;
    fixture.key = Error{code, QStringLiteral("The key cannot be read.")};
    fixture.make();
    fixture.publisher->start();
    QCOMPARE(fixture.publisher->problem(), QStringLiteral("The key cannot be read."));
    QVERIFY(fixture.publisher->problemCode() == ErrorCode::Configuration);
    QVERIFY(fixture.publisher->nextAttempt() == fixture.clock.now() + 60s);
    fixture.key = QByteArray("hk_new");
    fixture.publisher->connectNow();
    QCOMPARE(fixture.dialer.lastKey, QByteArray("hk_new"));
}

QTEST_GUILESS_MAIN(TestConnectionFacts)
#include "tst_connectionfacts.moc"
