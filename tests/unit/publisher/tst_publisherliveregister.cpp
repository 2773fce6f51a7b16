// Settings that change while a register is under way, or when there is no channel for one.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestPublisherLiveRegister final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersOneRegisterAtATime();
    void meansNobodyNewByAnOldAnswer();
    void withdrawsWithoutWaitingForNewBackends();
    void bringsTheLatestNameToTheServer();
    void takesChangesBeforeTheHello();
    void takesChangesWhileBackendsAreAsked();
    void takesChangesWithoutAChannel();
    void triesAgainAfterTheNewWait();
    void offersAgainWhenTheDatabaseIsAway();
    void closesAChannelThatDoesNotAnswer();
};

namespace {

void add(PublisherFixture &fixture, const QString &name)
{
    fixture.settings.llms.push_back(fixture.llm(name));
    fixture.apply();
}

/// Whether the register with this number lists so many Llms.
bool lists(const PublisherFixture &fixture, qsizetype number, qsizetype llms)
{
    const auto message = fixture.server->waitFor<channel::Register>(number);
    return message && message->llms.size() == llms;
}

} // namespace

void TestPublisherLiveRegister::offersOneRegisterAtATime()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    add(fixture, QStringLiteral("second"));
    QVERIFY(lists(fixture, 2, 2));
    add(fixture, QStringLiteral("third"));
    add(fixture, QStringLiteral("fourth"));
    fixture.clock.advance(1s);
    QTRY_VERIFY(fixture.backend.isQuiet());
    QVERIFY2(fixture.server->all<channel::Register>().size() == 2, "A server takes one at a time.");
    fixture.acceptAll();
    QVERIFY(lists(fixture, 3, 4));
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->llms().back().isAccepted());
    for (const PublishedLlm &llm : fixture.publisher->llms())
        QVERIFY(llm.isAccepted());
    fixture.clock.advance(1min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 3);
    QVERIFY(!fixture.server->closeReason);
}

void TestPublisherLiveRegister::meansNobodyNewByAnOldAnswer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.settings.name = QStringLiteral("other-box");
    fixture.apply();
    QVERIFY(lists(fixture, 2, 1));
    // Its backend gives no answer, so the next register takes a while.
    fixture.backend.availability = 0;
    LlmSettings slow = fixture.llm(QStringLiteral("slow"));
    slow.probePath = "/slow";
    fixture.settings.llms.push_back(slow);
    fixture.apply();
    QSignalSpy answers(fixture.publisher.get(), &Publisher::llmsChanged);
    fixture.acceptAll();
    QVERIFY(answers.wait());
    QVERIFY(fixture.firstLlm().isAccepted());
    QVERIFY(!fixture.publisher->llms().back().outcome);
    fixture.clock.advance(3s);
    QVERIFY(lists(fixture, 3, 2));
}

void TestPublisherLiveRegister::withdrawsWithoutWaitingForNewBackends()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("second")));
    QVERIFY(fixture.goOnline());
    // The backend of the new one gives no answer yet.
    ScriptedBackend other;
    other.availability = 0;
    LlmSettings slow = fixture.llm(QStringLiteral("slow"));
    slow.url = other.url();
    fixture.settings.llms.back() = slow;
    fixture.apply();
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QCOMPARE(message->llms.size(), 2);
    QCOMPARE(message->llms.back().name, QStringLiteral("slow"));
    QVERIFY(message->llms.back().initialStatus == channel::ReportedState::Inactive);
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->llms().back().isAccepted());
    QTRY_COMPARE(other.questions.size(), 1);
    other.availability = 200;
    fixture.clock.advance(10s);
    QTRY_VERIFY(fixture.publisher->llms().back().state == channel::ReportedState::Active);
    QTRY_VERIFY(!fixture.server->all<channel::Heartbeat>().isEmpty() &&
                fixture.server->all<channel::Heartbeat>().last().llms.back().state == channel::ReportedState::Active);
    QCOMPARE(fixture.server->all<channel::Register>().size(), 2);
}

void TestPublisherLiveRegister::bringsTheLatestNameToTheServer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    for (const char *name : {"one", "two", "three"}) {
        fixture.settings.name = QLatin1String(name);
        fixture.apply();
    }
    QVERIFY(fixture.server->waitFor<channel::Register>(2));
    fixture.acceptAll();
    const auto last = fixture.server->waitFor<channel::Register>(3);
    QVERIFY(last);
    QCOMPARE(last->publisher, QStringLiteral("three"));
}

void TestPublisherLiveRegister::takesChangesBeforeTheHello()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    add(fixture, QStringLiteral("second"));
    fixture.greet();
    QVERIFY(lists(fixture, 1, 2));
}

void TestPublisherLiveRegister::takesChangesWhileBackendsAreAsked()
{
    PublisherFixture fixture;
    fixture.backend.availability = 0;
    fixture.connect();
    QTRY_COMPARE(fixture.backend.questions.size(), 1);
    LlmSettings second = fixture.llm(QStringLiteral("second"));
    second.probePath = "/other";
    fixture.settings.llms.push_back(second);
    fixture.apply();
    QTRY_COMPARE(fixture.backend.questions.size(), 2);
    QVERIFY(fixture.server->all<channel::Register>().isEmpty());
    fixture.clock.advance(3s);
    QVERIFY(lists(fixture, 1, 2));
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.publisher->llms().back().isAccepted());
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
}

void TestPublisherLiveRegister::takesChangesWithoutAChannel()
{
    PublisherFixture fixture;
    fixture.make();
    add(fixture, QStringLiteral("second"));
    fixture.publisher->start();
    fixture.greet();
    QVERIFY(lists(fixture, 1, 2));
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    fixture.server->channel->breakOff();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Offline);
    const qsizetype asked = fixture.backend.questions.size();
    add(fixture, QStringLiteral("third"));
    QTRY_VERIFY(fixture.backend.isQuiet());
    QVERIFY2(fixture.backend.questions.size() == asked, "Nobody wants to know while there is no server.");
    fixture.clock.advance(1s);
    fixture.greet();
    QVERIFY(lists(fixture, 1, 3));
}

void TestPublisherLiveRegister::triesAgainAfterTheNewWait()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->start();
    fixture.settings.reconnect.maximum = 7s;
    fixture.apply();
    fixture.dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("Make a new key.")});
    QVERIFY(fixture.publisher->nextAttempt() == fixture.clock.now() + 7s);
}

void TestPublisherLiveRegister::offersAgainWhenTheDatabaseIsAway()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    add(fixture, QStringLiteral("second"));
    QVERIFY(lists(fixture, 2, 2));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("No database.")));
    fixture.server->send(channel::ErrorNotice{QStringLiteral("storage_unavailable"), QStringLiteral("No database.")});
    QCoreApplication::processEvents();
    fixture.clock.advance(29s);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 2);
    QVERIFY2(!fixture.server->closeReason, "The channel and its requests have nothing to do with it.");
    fixture.clock.advance(1s);
    QVERIFY(lists(fixture, 3, 2));
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->llms().back().isAccepted());
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
}

void TestPublisherLiveRegister::closesAChannelThatDoesNotAnswer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    add(fixture, QStringLiteral("second"));
    QVERIFY(lists(fixture, 2, 2));
    fixture.clock.advance(10s);
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
}

QTEST_GUILESS_MAIN(TestPublisherLiveRegister)
#include "tst_publisherliveregister.moc"
