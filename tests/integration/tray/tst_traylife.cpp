// The tray app over its life: online, server gone and back, paused, drained, quit in the middle of work.

#include "traytest.h"

#include <QPushButton>
#include <QSystemTrayIcon>

#include <numeric>

using namespace hearth;
using namespace hearth::testsupport;
using board::IndicatorState;

namespace {

/// How a client sees the reason for which nothing new is taken.
QString refusal(const Stack &stack)
{
    const auto call = stack.call(stack.chat());
    call->waitForEnd();
    return QStringLiteral("%1 %2").arg(call->status()).arg(QString::fromUtf8(call->body()));
}

} // namespace

class TestTrayLife final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void iconIsInTheTray();
    void servesRequests();
    void serverIsKilledAndBack();
    void pauseRefusesAndLetsFinish();
    void drainLetsFinishAndSaysSo();
    void ownersPresencePauses();
    void resumeOverrulesPresence();
    void ownerCancelsARequest_data();
    void ownerCancelsARequest();
    void quitWithoutWorkAsksNothing();
    void quitFinishesFirst();
    void quitNowEndsRequests();
    void quitIsCalledOff();

private:
    QPushButton *departureButton(const char *name) const;
    bool isServed() const;
};

QPushButton *TestTrayLife::departureButton(const char *name) const
{
    QMessageBox *const box = m_app->departure().box();
    return box ? box->findChild<QPushButton *>(QLatin1String(name)) : nullptr;
}

bool TestTrayLife::isServed() const
{
    const auto call = m_stack->call(m_stack->chat());
    return call->waitForEnd() && call->status() == 200 && call->saysDone();
}

void TestTrayLife::iconIsInTheTray()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_app->indicator());
    // Only a tray that has taken the icon gives it a place.
    QTRY_VERIFY_WITH_TIMEOUT(!m_app->indicator()->trayIcon().geometry().isEmpty(), Program::patience.count());
    QVERIFY(waitUntil(IndicatorState::Idle));
    QTRY_VERIFY(m_app->indicator()->trayIcon().toolTip().contains(QStringLiteral("1 model")));
}

void TestTrayLife::servesRequests()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto stream = startStream();
    QVERIFY(waitUntil(IndicatorState::Busy));
    QTRY_COMPARE(m_app->board().requests().rowCount(), 1);
    // The tokens of a stream are counted while it runs.
    QTRY_VERIFY(llm()->tokensPerSecond > 1);
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QVERIFY(waitUntil(IndicatorState::Idle));
    QCOMPARE(m_app->board().requests().rowCount(), 0);
    QVERIFY(llm()->lastRequestAge);
    const std::vector<status::MinuteSnapshot> hour = snapshot().lastHour;
    QCOMPARE(hour.size(), size_t(60));
    const int requests =
        std::accumulate(hour.begin(), hour.end(), 0, [](int sum, const auto &minute) { return sum + minute.requests; });
    QCOMPARE(requests, 1);
}

void TestTrayLife::serverIsKilledAndBack()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    const quint64 epoch = snapshot().connection->epoch;
    m_stack->server().kill();
    QVERIFY(waitUntil(IndicatorState::Offline));
    QVERIFY(!snapshot().problem.isEmpty());
    QVERIFY(m_stack->startServer());
    QVERIFY(waitUntil(IndicatorState::Idle));
    QVERIFY(snapshot().connection->epoch > epoch);
    QVERIFY(isServed());
}

void TestTrayLife::pauseRefusesAndLetsFinish()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto stream = startStream();
    m_app->host().pause();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("paused"));
    const QString answer = refusal(*m_stack);
    QVERIFY2(answer.startsWith(QStringLiteral("503")) && answer.contains(QStringLiteral("paused")), qPrintable(answer));
    QVERIFY(waitUntil(IndicatorState::Resting));
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    m_app->host().resume();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(isServed());
}

void TestTrayLife::drainLetsFinishAndSaysSo()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto stream = startStream();
    m_app->host().drain();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("draining"));
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QTRY_COMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("paused"));
    m_app->host().resume();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
}

void TestTrayLife::ownersPresencePauses()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp("desktop: {pause: {onBattery: true, fullScreen: true}}\n"));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    m_presence.fullScreen = true;
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("paused"));
    QTRY_VERIFY(!m_app->board().snapshot().pauseReason.isEmpty());
    m_presence.fullScreen = false;
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(isServed());
}

void TestTrayLife::resumeOverrulesPresence()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp("desktop: {pause: {onBattery: true}}\n"));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    m_presence.onBattery = true;
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    m_app->host().resume();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    // The rule holds again once its reason has gone and come back.
    m_presence.onBattery = false;
    const int asked = m_presence.asked;
    QTRY_VERIFY(m_presence.asked > asked + 1);
    QVERIFY(isServed());
    m_presence.onBattery = true;
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
}

void TestTrayLife::ownerCancelsARequest_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::newRow("in mid-stream") << true;
    QTest::newRow("before the answer") << false;
}

void TestTrayLife::ownerCancelsARequest()
{
    QFETCH(bool, isStream);
    QVERIFY(startServerSide(
        {.backendFlags = isStream ? QStringList{} : QStringList{QStringLiteral("--delay"), QStringLiteral("60000")}}));
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto call = isStream ? startStream(10'000) : m_stack->call(m_stack->modelRequest("/v1/chat/completions", {}));
    QTRY_COMPARE(m_app->board().requests().rowCount(), 1);
    m_app->host().cancelRequest(*m_app->board().requests().task(0));
    QVERIFY(call->waitForEnd());
    QVERIFY2(call->body().contains("cancelled_by_owner"), call->body().constData());
    QVERIFY(!call->saysDone());
    QTRY_COMPARE(m_app->board().requests().rowCount(), 0);
}

void TestTrayLife::quitWithoutWorkAsksNothing()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QSignalSpy finished(m_app.get(), &tray::TrayApp::finished);
    m_app->quit();
    QVERIFY(!m_app->departure().box());
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    m_app.reset();
}

void TestTrayLife::quitFinishesFirst()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QSignalSpy finished(m_app.get(), &tray::TrayApp::finished);
    const auto stream = startStream();
    m_app->quit();
    QTRY_VERIFY(departureButton("finishFirst"));
    QTest::mouseClick(departureButton("finishFirst"), Qt::LeftButton);
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QVERIFY(finished.isEmpty());
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, Program::patience.count());
    m_app.reset();
}

void TestTrayLife::quitNowEndsRequests()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QSignalSpy finished(m_app.get(), &tray::TrayApp::finished);
    const auto stream = startStream(10'000);
    m_app->quit();
    QTRY_VERIFY(departureButton("quitNow"));
    QTest::mouseClick(departureButton("quitNow"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, Program::patience.count());
    QVERIFY(stream->waitForEnd());
    QVERIFY(!stream->saysDone());
    QVERIFY2(stream->body().contains("publisher_lost"), stream->body().right(300).constData());
    m_app.reset();
}

void TestTrayLife::quitIsCalledOff()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto stream = startStream();
    m_app->quit();
    QTRY_VERIFY(departureButton("cancel"));
    QTest::mouseClick(departureButton("cancel"), Qt::LeftButton);
    QTRY_VERIFY(!m_app->departure().box());
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QVERIFY(isServed());
}

QTEST_MAIN(TestTrayLife)
#include "tst_traylife.moc"
