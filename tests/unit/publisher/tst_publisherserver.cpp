// A publisher that changes while it runs, and the real server at the other end of its channel: what one does the other
// must take.

#include "controltest.h"
#include "publisherfixture.h"

using namespace hearth;
using namespace hearth::publisher;
using namespace hearth::testsupport;
using domain::LlmStatus;

class TestPublisherServer final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();

    void finishesRequestsOfWhatIsWithdrawn();
    void takesManyChangesInARow();
    void staysBoundWithNothingToPublish();
    void tellsTheCallerWhoCancelled();
    void refusesWhilePaused();

private:
    void init() override;

    /// Whether the publisher has been taken by the server.
    bool goOnline();
    /// A request that the backend has begun to answer; null when it does not get there.
    const Exchange *beginRequest();

    bool isOnline() const { return m_box->publisher->state() == ConnectionState::Online; }

    std::optional<PublisherFixture> m_box;
    AnswerRecorder m_recorder;
    std::unique_ptr<relay::RelayTask> m_task;
    const QString m_llm = QStringLiteral("vllm-local");
};

void TestPublisherServer::init()
{
    ControlTest::init();
    m_box.emplace();
    m_recorder = {};
}

void TestPublisherServer::cleanup()
{
    m_task.reset();
    m_box.reset();
    ControlTest::cleanup();
}

bool TestPublisherServer::goOnline()
{
    const domain::ApiKey key = publishKey(QStringLiteral("alice"));
    m_harness->setKey(key);
    m_box->make();
    m_box->publisher->start();
    m_harness->control.accept(m_box->dialer.acceptEnd(),
                              domain::Principal(std::make_shared<const domain::ApiKey>(key)));
    return QTest::qWaitFor([this] { return isOnline() && m_harness->llm(m_llm).status == LlmStatus::Active; }, 5000);
}

const Exchange *TestPublisherServer::beginRequest()
{
    auto task = m_harness->infer(m_llm, m_recorder);
    if (!task)
        return nullptr;
    m_task = std::move(task).value();
    const Exchange *const exchange = m_box->backend.waitForRequest();
    if (!exchange)
        return nullptr;
    exchange->beginStream();
    exchange->chunk("data: {}\n\n");
    return QTest::qWaitFor([this] { return !m_recorder.body.isEmpty(); }, 5000) ? exchange : nullptr;
}

void TestPublisherServer::finishesRequestsOfWhatIsWithdrawn()
{
    QVERIFY(goOnline());
    const Exchange *const exchange = beginRequest();
    QVERIFY(exchange);
    m_box->settings.llms.front().publish = false;
    m_box->settings.llms.push_back(m_box->llm(QStringLiteral("second")));
    m_box->apply();
    QTRY_VERIFY(m_harness->llm(QStringLiteral("second")).status == LlmStatus::Active);
    QVERIFY(m_harness->llm(m_llm).status == LlmStatus::Inactive);
    exchange->chunk("data: [DONE]\n\n");
    exchange->endStream();
    QTRY_VERIFY(m_recorder.hasEnded());
    QCOMPARE(m_recorder.body, QByteArray("data: {}\n\ndata: [DONE]\n\n"));
    QVERIFY(!m_recorder.error);
    QVERIFY(isOnline());
}

void TestPublisherServer::takesManyChangesInARow()
{
    QVERIFY(goOnline());
    for (int i = 0; i < 20; ++i) {
        m_box->settings.llms.push_back(m_box->llm(QStringLiteral("llm-%1").arg(i)));
        m_box->apply();
        if (i % 3 == 0)
            deliver();
    }
    QTRY_VERIFY(m_box->publisher->llms().back().isAccepted());
    for (const PublishedLlm &llm : m_box->publisher->llms()) {
        QVERIFY(llm.isAccepted());
        QVERIFY(m_harness->llm(llm.settings.name).status == LlmStatus::Active);
    }
    QCOMPARE(m_box->dialer.dialed, 1);
    QVERIFY(isOnline());
}

void TestPublisherServer::staysBoundWithNothingToPublish()
{
    QVERIFY(goOnline());
    m_box->settings.llms.front().publish = false;
    m_box->apply();
    QTRY_VERIFY(m_harness->llm(m_llm).status == LlmStatus::Inactive);
    m_box->settings.llms.front().publish = true;
    m_box->apply();
    QTRY_VERIFY(m_harness->llm(m_llm).status == LlmStatus::Active);
    QCOMPARE(m_box->dialer.dialed, 1);
}

void TestPublisherServer::tellsTheCallerWhoCancelled()
{
    m_box->watchesRequests = true;
    QVERIFY(goOnline());
    QVERIFY(beginRequest());
    QCOMPARE(m_box->publisher->requests().size(), size_t(1));
    m_box->publisher->cancelRequest(m_box->publisher->requests().front().task);
    QTRY_VERIFY(m_recorder.error);
    QVERIFY(m_recorder.errorCode() == ErrorCode::CancelledByOwner);
    QVERIFY(!m_recorder.hasEnded());
    QCOMPARE(m_harness->relay.running(m_harness->llm(m_llm).id), 0);
}

void TestPublisherServer::refusesWhilePaused()
{
    QVERIFY(goOnline());
    const Exchange *const exchange = beginRequest();
    QVERIFY(exchange);
    m_box->publisher->setIntake(Intake::Draining);
    QTRY_VERIFY(m_harness->llm(m_llm).statusReason == domain::StatusReason::Draining);
    AnswerRecorder refused;
    QVERIFY(!m_harness->infer(m_llm, refused));
    exchange->chunk("data: [DONE]\n\n");
    exchange->endStream();
    QTRY_VERIFY(m_recorder.hasEnded());
    QTRY_VERIFY(m_harness->llm(m_llm).statusReason == domain::StatusReason::Paused);
    m_box->publisher->setIntake(Intake::Open);
    QTRY_VERIFY(m_harness->llm(m_llm).status == LlmStatus::Active);
}

QTEST_GUILESS_MAIN(TestPublisherServer)
#include "tst_publisherserver.moc"
