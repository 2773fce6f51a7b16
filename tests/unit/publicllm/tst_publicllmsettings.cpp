// Settings that are replaced while requests to public Llms are at work: those that start see the new ones, what runs
// keeps the old ones.

#include "publicllmtest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace hearth::testsupport;
using namespace Qt::StringLiterals;

class TestPublicLlmSettings final : public PublicLlmTest
{
    Q_OBJECT

private Q_SLOTS:
    void wholeAnswers();
    void unreadAnswers();
};

void TestPublicLlmSettings::wholeAnswers()
{
    m_llm.type = u"anthropic"_s;
    const QByteArray chat = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
    const QByteArray message =
        R"({"type":"message","content":[{"type":"text","text":")" + QByteArray(2000, 'x') + R"("}]})";
    AnswerRecorder before;
    start(before, chat);
    peerWithRequest(10, 0);
    m_publicLlms->setSettings({.maxWholeAnswer = 1000});
    AnswerRecorder after;
    start(after, chat);
    peerWithRequest(10, 1).answer(message);
    QTRY_VERIFY(after.error);
    QVERIFY(after.errorCode() == ErrorCode::BackendError);
    peerWithRequest(10, 0).answer(message);
    QTRY_VERIFY(before.hasEnded());
    QCOMPARE(before.status, 200);
}

void TestPublicLlmSettings::unreadAnswers()
{
    const QByteArray body(100'000, 'x');
    AnswerRecorder before;
    start(before);
    peerWithRequest(0, 0);
    m_publicLlms->setSettings({.maxUnread = 1});
    AnswerRecorder after;
    const TaskId task = start(after);
    peerWithRequest(0, 1).answer(body);
    QTRY_VERIFY(!after.body.isEmpty());
    // Nobody reads either of them.
    peerWithRequest(0, 0).answer(body);
    QTRY_VERIFY(before.hasEnded());
    QCOMPARE(before.body.size(), body.size());
    QVERIFY(after.body.size() < body.size());

    qint64 consumed = 0;
    const auto consume = [&] {
        m_publicLlms->consumed(task, after.body.size() - std::exchange(consumed, after.body.size()));
        return after.hasEnded();
    };
    QTRY_VERIFY(consume());
}

QTEST_GUILESS_MAIN(TestPublicLlmSettings)
#include "tst_publicllmsettings.moc"
