// How a Publisher gets to its server, stays there and comes back.

#include "publisherfixture.h"

#include <QFile>
#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestPublisherConnection final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dialsTheServerWithItsKey();
    void saysNothingBeforeHello();
    void givesUpOnASilentServer();
    void givesUpWhenRegisterIsNotAnswered();
    void backsOffWhileTheServerIsAway();
    void waitsForANewKey();
    void readsTheKeyAnewForEveryAttempt();
    void tellsWhenTheProblemIsAnother();
    void reconnectsAfterALoss();
    void waitsWhenItWasReplaced();
    void waitsWhenItsKeyWasRevoked();
    void returnsSoonAfterGoodbye();
    void finishesTasksAfterGoodbye();
    void closesBackendConnectionsBeforeItReturns();
    void keepsItsSession();
    void goesOnWithoutAStateFile();
    void stopsInOrder();
    void startsAgainAfterStop();

private:
    /// Whether the publisher dials exactly when this time has passed.
    static bool dialsAfter(PublisherFixture &fixture, Duration wait)
    {
        const int before = fixture.dialer.dialed;
        fixture.clock.advance(wait - 1ms);
        const bool tooEarly = fixture.dialer.dialed != before;
        fixture.clock.advance(1ms);
        return !tooEarly && fixture.dialer.dialed == before + 1;
    }

    static bool goesOffline(PublisherFixture &fixture)
    {
        return QTest::qWaitFor([&fixture] { return fixture.publisher->state() == ConnectionState::Offline; }, 5000);
    }
};

void TestPublisherConnection::dialsTheServerWithItsKey()
{
    PublisherFixture fixture;
    fixture.settings.server = QUrl(QStringLiteral("https://hearth.example"));
    fixture.make();
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    fixture.publisher->start();
    QVERIFY(fixture.publisher->state() == ConnectionState::Connecting);
    QCOMPARE(fixture.dialer.lastUrl, QUrl(QStringLiteral("wss://hearth.example/api/v1/publish")));
    QCOMPARE(fixture.dialer.lastKey, QByteArray("hk_test"));
}

void TestPublisherConnection::saysNothingBeforeHello()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    fixture.server = fixture.dialer.accept();
    fixture.clock.advance(9s);
    QCoreApplication::processEvents();
    QVERIFY(fixture.server->messages.empty());
    fixture.server->send(channel::Hello{});
    QVERIFY(fixture.server->waitFor<channel::Register>());
}

void TestPublisherConnection::givesUpOnASilentServer()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    fixture.server = fixture.dialer.accept();
    fixture.clock.advance(10s);
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QVERIFY(fixture.publisher->problem().contains(QStringLiteral("did not say hello")));
    QTRY_VERIFY(fixture.server->closeReason);
    QVERIFY(dialsAfter(fixture, 500ms));
}

void TestPublisherConnection::givesUpWhenRegisterIsNotAnswered()
{
    PublisherFixture fixture;
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.clock.advance(10s);
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QTRY_VERIFY(fixture.server->closeReason);
    QCOMPARE(fixture.server->closeReason->code, static_cast<int>(channel::CloseCode::PolicyViolation));
    QVERIFY(dialsAfter(fixture, 500ms));
}

void TestPublisherConnection::backsOffWhileTheServerIsAway()
{
    PublisherFixture fixture;
    fixture.settings.reconnect.maximum = 5s;
    fixture.make();
    fixture.publisher->start();
    for (const Duration wait : {500ms, 1000ms, 2000ms, 2500ms, 2500ms}) {
        fixture.dialer.refuse({ErrorCode::Io, QStringLiteral("Cannot reach the server.")});
        QCOMPARE(fixture.publisher->problem(), QStringLiteral("Cannot reach the server."));
        QVERIFY(dialsAfter(fixture, wait));
    }
    fixture.server = fixture.dialer.accept();
    fixture.server->send(channel::Hello{});
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.publisher->problem().isEmpty());
    fixture.server->channel->breakOff();
    QVERIFY(goesOffline(fixture));
    QVERIFY(dialsAfter(fixture, 500ms));
}

void TestPublisherConnection::waitsForANewKey()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    for (int i = 0; i < 3; ++i) {
        fixture.dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("Make a new key.")});
        QCOMPARE(fixture.publisher->problem(), QStringLiteral("Make a new key."));
        QVERIFY(dialsAfter(fixture, 60s));
    }
}

void TestPublisherConnection::readsTheKeyAnewForEveryAttempt()
{
    PublisherFixture fixture;
    fixture.key = Error{ErrorCode::Configuration, QStringLiteral("The key file is empty.")};
    fixture.make();
    fixture.publisher->start();
    QCOMPARE(fixture.dialer.dialed, 0);
    QCOMPARE(fixture.publisher->problem(), QStringLiteral("The key file is empty."));
    fixture.key = QByteArray("hk_new");
    QVERIFY(dialsAfter(fixture, 60s));
    QCOMPARE(fixture.dialer.lastKey, QByteArray("hk_new"));
}

void TestPublisherConnection::tellsWhenTheProblemIsAnother()
{
    PublisherFixture fixture;
    fixture.make();
    QSignalSpy problems(fixture.publisher.get(), &Publisher::problemChanged);
    fixture.key = Error{ErrorCode::Configuration, QStringLiteral("The key file is empty.")};
    fixture.publisher->start();
    // It has been offline all the time.
    QCOMPARE(problems.size(), 1);
    fixture.clock.advance(60s);
    QCOMPARE(problems.size(), 1);
    fixture.key = Error{ErrorCode::Configuration, QStringLiteral("The key file is gone.")};
    fixture.clock.advance(60s);
    QCOMPARE(problems.size(), 2);
    QCOMPARE(fixture.publisher->problem(), QStringLiteral("The key file is gone."));
    fixture.publisher->stop();
    QCOMPARE(problems.size(), 3);
    QVERIFY(fixture.publisher->problem().isEmpty());
}

void TestPublisherConnection::reconnectsAfterALoss()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    QSignalSpy states(fixture.publisher.get(), &Publisher::stateChanged);
    fixture.server->channel->breakOff();
    QVERIFY(goesOffline(fixture));
    QVERIFY(!fixture.publisher->problem().isEmpty());
    QVERIFY(dialsAfter(fixture, 500ms));
    fixture.server = fixture.dialer.accept();
    fixture.server->send(channel::Hello{});
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.acceptAll();
    QTRY_COMPARE(states.size(), 3);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
}

void TestPublisherConnection::waitsWhenItWasReplaced()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->channel->close(channel::CloseCode::Replaced, QStringLiteral("replaced"));
    QVERIFY(goesOffline(fixture));
    QVERIFY(fixture.publisher->problem().contains(QStringLiteral("stateFile")));
    QVERIFY(dialsAfter(fixture, 60s));
}

void TestPublisherConnection::waitsWhenItsKeyWasRevoked()
{
    PublisherFixture fixture;
    fixture.settings.reconnect.maximum = 40s;
    QVERIFY(fixture.goOnline());
    fixture.server->channel->close(channel::CloseCode::KeyRefused, QStringLiteral("revoked"));
    QVERIFY(goesOffline(fixture));
    QVERIFY(fixture.publisher->problem().contains(QStringLiteral("keyFile")));
    QVERIFY(dialsAfter(fixture, 40s));
}

void TestPublisherConnection::returnsSoonAfterGoodbye()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.random = 0.75;
    fixture.server->send(channel::Goodbye{QStringLiteral("restart")});
    QTRY_VERIFY((fixture.clock.advance(0ms), fixture.publisher->state() == ConnectionState::Offline));
    QTRY_VERIFY(fixture.server->closeReason);
    QVERIFY(dialsAfter(fixture, 1500ms));
}

void TestPublisherConnection::finishesTasksAfterGoodbye()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    fixture.server->send(channel::Goodbye{QStringLiteral("restart")});
    exchange->beginStream();
    exchange->chunk("one");
    QTRY_COMPARE(fixture.server->body(TaskId{1}), QByteArray("one"));
    fixture.clock.advance(0ms);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
    exchange->endStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QTRY_VERIFY((fixture.clock.advance(0ms), fixture.publisher->state() == ConnectionState::Offline));
    QVERIFY(dialsAfter(fixture, 1s));
}

void TestPublisherConnection::closesBackendConnectionsBeforeItReturns()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->beginStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseHead>());
    QCOMPARE(fixture.publisher->llms().front().running, 1);
    fixture.server->channel->breakOff();
    QVERIFY(goesOffline(fixture));
    QCOMPARE(fixture.publisher->llms().front().running, 0);
    QTRY_VERIFY(exchange->isGone());
}

void TestPublisherConnection::keepsItsSession()
{
    PublisherFixture fixture;
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    QVERIFY(fixture.server->all<channel::Register>().last().providerSessionId.isEmpty());
    fixture.acceptAll(QStringLiteral("session-7"));
    const ProviderSessionId session(QStringLiteral("session-7"));
    QTRY_COMPARE(fixture.publisher->providerSessionId(), session);

    // On the next channel, and in the next life.
    fixture.server->channel->breakOff();
    QVERIFY(goesOffline(fixture));
    fixture.clock.advance(500ms);
    fixture.server = fixture.dialer.accept();
    fixture.server->send(channel::Hello{});
    auto registered = fixture.server->waitFor<channel::Register>();
    QVERIFY(registered);
    QCOMPARE(registered->providerSessionId, session);

    fixture.connect();
    registered = fixture.server->waitFor<channel::Register>();
    QVERIFY(registered);
    QCOMPARE(registered->providerSessionId, session);
}

void TestPublisherConnection::goesOnWithoutAStateFile()
{
    PublisherFixture fixture;
    QFile obstacle(fixture.directory.filePath(QStringLiteral("file")));
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    fixture.settings.stateFile = obstacle.fileName() + QStringLiteral("/state.json");
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("cannot be written")));
    QVERIFY(fixture.goOnline());
    QCOMPARE(fixture.publisher->providerSessionId(), ProviderSessionId(QStringLiteral("session-1")));
}

void TestPublisherConnection::stopsInOrder()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    fixture.publisher->stop();
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QTRY_VERIFY(fixture.server->closeReason);
    QCOMPARE(fixture.server->closeReason->code, static_cast<int>(channel::CloseCode::GoingAway));
    QCOMPARE(fixture.server->terminals(TaskId{1}), 1);
    QCOMPARE(fixture.server->all<channel::TaskError>().last().code, QStringLiteral("publisher_lost"));
    QTRY_VERIFY(exchange->isGone());
    const int dialed = fixture.dialer.dialed;
    fixture.clock.advance(10min);
    QCOMPARE(fixture.dialer.dialed, dialed);
}

void TestPublisherConnection::startsAgainAfterStop()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->stop();
    fixture.publisher->start();
    fixture.publisher->start();
    QCOMPARE(fixture.dialer.dialed, 2);
    fixture.publisher->stop();
    QVERIFY(!fixture.dialer.isDialing());
}

QTEST_GUILESS_MAIN(TestPublisherConnection)
#include "tst_publisherconnection.moc"
