// The limits of the chat room: how much of a thread is sent along, how many answers a turn may have, and how many turns
// may be at work.

#include "chattest.h"

#include <QJsonArray>

using namespace hearth;
using namespace hearth::testsupport;
using domain::ChatMessage;
using domain::ThreadId;

namespace {

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

class TestChatLimits final : public ChatTest
{
    Q_OBJECT

private Q_SLOTS:
    void historyHasABudget();
    void callsOfThePresentTurnCount_data();
    void callsOfThePresentTurnCount();
    void roundsAreBounded();
    void tooManyTurns();
    void tooManyTurnsOfOneOwner();
    void anotherLimitHoldsForTheNextTurn();
    void whoIsRefusedLeavesNothing_data();
    void whoIsRefusedLeavesNothing();
};

void TestChatLimits::historyHasABudget()
{
    makeChat({.historyTokens = 30});
    // Each turn is about 15 tokens: 40 characters of the user, 10 of the answer and a little for its form.
    const QString forty(40, u'x');
    const ThreadId thread = talk(says(text("oldest ") + forty), streamOf("0123456789")).thread;
    talk(says(text("old ") + forty, thread), streamOf("0123456789"));
    talk(says(text("new"), thread), streamOf("0123456789"));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("present"), thread), recorder));
    QCOMPARE(messagesIn(nextBody()),
             (QStringList{text("system: Be brief."), text("user: old ") + forty, text("assistant: 0123456789"),
                          text("user: new"), text("assistant: 0123456789"), text("user: present")}));
    answer(streamOf("x"));
    QVERIFY(waitFor(recorder));
    // The present turn goes out whole, and leaves nothing.
    TurnRecorder large;
    const QString message(1000, u'y');
    QVERIFY(ask(says(message, thread), large));
    QCOMPARE(messagesIn(nextBody()), (QStringList{text("system: Be brief."), text("user: ") + message}));
}

void TestChatLimits::callsOfThePresentTurnCount_data()
{
    QTest::addColumn<int>("characters");
    QTest::addColumn<bool>("historyFits");
    QTest::newRow("short arguments") << 40 << true;
    QTest::newRow("long arguments") << 800 << false;
}

void TestChatLimits::callsOfThePresentTurnCount()
{
    QFETCH(int, characters);
    QFETCH(bool, historyFits);
    makeChat({.historyTokens = 100});
    const ThreadId thread = talk(says(text("1")), streamOf("2")).thread;
    const QByteArray arguments = R"({\"x\":\")" + QByteArray(characters, 'x') + R"(\"})";
    const QByteArray call = R"({"index":0,"id":"c1","function":{"name":"f","arguments":")" + arguments + "\"}}";
    talk(says(text("3"), thread), R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[)" + call +
                                      R"(]},"finish_reason":"tool_calls"}]})" + "\n\ndata: [DONE]\n\n");
    TurnRecorder recorder;
    QVERIFY(ask(results({{text("c1"), text("4")}}, thread), recorder));
    QStringList expected{text("user: 3"), text("assistant: "), text("tool: 4")};
    if (historyFits)
        expected = QStringList{text("user: 1"), text("assistant: 2")} + expected;
    QCOMPARE(messagesIn(nextBody()), QStringList{text("system: Be brief.")} + expected);
}

void TestChatLimits::roundsAreBounded()
{
    makeChat({.maxIterations = 2});
    const ThreadId thread = talk(says(text("?")), streamWithCalls({"c1"})).thread;
    talk(results({{text("c1"), text("1")}}, thread), streamWithCalls({"c2"}));
    const Error error = refusal(results({{text("c2"), text("2")}}, thread));
    QVERIFY(error.code == ErrorCode::Conflict);
    QCOMPARE(error.message, text("This turn has had its 2 answers; send a new \"message\"."));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("Enough"), thread), recorder));
    const QJsonArray messages = nextBody()[QLatin1String("messages")].toArray();
    QCOMPARE(messages.size(), 6);
    QVERIFY(messages[2].toObject().contains(QLatin1String("tool_calls")));
    QVERIFY(!messages[4].toObject().contains(QLatin1String("tool_calls")));
}

void TestChatLimits::tooManyTurns()
{
    makeChat({.maxTurns = 1});
    TurnRecorder first;
    QVERIFY(ask(says(text("Hi")), first));
    QVERIFY(refusal(says(text("Hi"))).code == ErrorCode::Overloaded);
    nextBody();
    answer(streamOf("Hello"));
    QVERIFY(waitFor(first));
    talk(says(text("Hi")), streamOf("Hello"));
}

void TestChatLimits::tooManyTurnsOfOneOwner()
{
    makeChat({.maxTurnsPerOwner = 2});
    TurnRecorder first;
    TurnRecorder second;
    TurnRecorder bobs;
    QVERIFY(ask(says(text("first")), first));
    QVERIFY(ask(says(text("second")), second));
    const Error error = refusal(says(text("third")));
    QVERIFY(error.code == ErrorCode::Overloaded);
    QCOMPARE(error.message,
             text("2 of your messages are being answered, and no more may be at a time; wait for one of them."));
    chat::ChatRequest foreign = says(text("Hi"));
    foreign.principal = caller(text("bob"));
    QVERIFY(ask(foreign, bobs));
    nextBody();
    answer(streamOf("Hello"));
    QVERIFY(waitFor(first));
    TurnRecorder third;
    QVERIFY(ask(says(text("third")), third));
}

void TestChatLimits::anotherLimitHoldsForTheNextTurn()
{
    TurnRecorder first;
    TurnRecorder second;
    QVERIFY(ask(says(text("first")), first));
    m_chat->setSettings({.maxTurnsPerOwner = 1});
    QVERIFY(refusal(says(text("second"))).code == ErrorCode::Overloaded);
    m_chat->setSettings({.maxTurnsPerOwner = 2});
    QVERIFY(ask(says(text("second")), second));
    nextBody();
    answer(streamOf("Hello"));
    QVERIFY(waitFor(first));
    QVERIFY(first.answer);
}

void TestChatLimits::whoIsRefusedLeavesNothing_data()
{
    QTest::addColumn<bool>("isLimited");
    QTest::addColumn<bool>("isNewThread");
    QTest::newRow("limit") << true << false;
    QTest::newRow("limit, new thread") << true << true;
    QTest::newRow("obstacle") << false << false;
    QTest::newRow("obstacle, new thread") << false << true;
}

void TestChatLimits::whoIsRefusedLeavesNothing()
{
    QFETCH(bool, isLimited);
    QFETCH(bool, isNewThread);
    chat::ChatRequest request = says(text("Hi"));
    domain::ApiKey key = request.principal.key();
    key.limits.requestsPerMinute = isLimited ? 1 : 0;
    request.principal = domain::Principal(std::make_shared<const domain::ApiKey>(key));
    const ThreadId thread = talk(request, streamOf("Hello")).thread;
    if (!isLimited) {
        m_publisher->breakOff();
        QTRY_VERIFY(m_harness->llm(m_name).status == domain::LlmStatus::Inactive);
    }
    request.thread = isNewThread ? ThreadId() : thread;
    TurnRecorder recorder;
    const auto turn = ask(request, recorder);
    QVERIFY(!turn);
    QVERIFY(turn.error().code == (isLimited ? ErrorCode::RateLimited : ErrorCode::PublisherOffline));
    QVERIFY(m_chat->isIdle());
    QCOMPARE(onlyThread().id, thread);
    QCOMPARE(stored(thread).size(), 2);
}

QTEST_GUILESS_MAIN(TestChatLimits)
#include "tst_chatlimits.moc"
