// The tray app and a backend that sleeps: progress in table and icon, the owner's own wake, cancelled and failed ones.

#include "traytest.h"
#include "waketest.h"

using namespace hearth;
using namespace hearth::testsupport;
using board::IndicatorState;
using board::LlmModel;

class TestTrayWake final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void requestWakes();
    void ownerWakes();
    void ownerCancelsTheWake();
    void failedWakeNeedsAPerson();
    void pausedBoxIsNotWoken();

private:
    /// The backend takes so long to come up.
    bool startAsleep(int bootMilliseconds, const QStringList &flags = {});

    QModelIndex stateCell() const { return m_app->board().llms().index(0, LlmModel::State); }
};

bool TestTrayWake::startAsleep(int bootMilliseconds, const QStringList &flags)
{
    const QStringList boot{QStringLiteral("--boot-ms"), QString::number(bootMilliseconds)};
    return startServerSide(wakeSettings(WakeType::Http, boot + flags)) && startApp() &&
           m_stack->waitUntilLlmIs("hibernating");
}

void TestTrayWake::requestWakes()
{
    QVERIFY(startAsleep(1500));
    const auto call = m_stack->call(m_stack->chat());
    QVERIFY(waitUntil(IndicatorState::Waking));
    QList<double> progress;
    const auto noteProgress = [&] {
        const QVariant share = stateCell().data(LlmModel::WakeProgressRole);
        if (share.isValid() && (progress.isEmpty() || progress.last() != share.toDouble()))
            progress.append(share.toDouble());
        return progress.size() >= 3;
    };
    QTRY_VERIFY(noteProgress());
    QVERIFY(std::is_sorted(progress.begin(), progress.end()));
    QVERIFY(progress.first() >= 0 && progress.last() <= 1);
    QVERIFY(call->waitForEnd());
    QVERIFY(isWellAnswered(*call));
    QVERIFY(waitUntil(IndicatorState::Idle));
    QVERIFY(!stateCell().data(LlmModel::WakeProgressRole).isValid());
    QCOMPARE(m_stack->wakeRuns(), 1);
}

void TestTrayWake::ownerWakes()
{
    QVERIFY(startAsleep(100));
    m_app->host().wake(QString::fromLatin1(Stack::llmName));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QCOMPARE(m_stack->wakeRuns(), 1);
    QVERIFY(waitUntil(IndicatorState::Idle));
}

void TestTrayWake::ownerCancelsTheWake()
{
    QVERIFY(startAsleep(60'000));
    const auto call = m_stack->call(m_stack->modelRequest("/v1/chat/completions", {}));
    QVERIFY(waitUntil(IndicatorState::Waking));
    m_app->host().cancelWake(QString::fromLatin1(Stack::llmName));
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("wake_failed"));
    QVERIFY2(call->body().contains("owner"), call->body().constData());
    QTRY_VERIFY(!llm()->wake);
    // It was the owner's wish: nothing that needs him.
    QVERIFY(m_notifier.shown.isEmpty());
}

void TestTrayWake::failedWakeNeedsAPerson()
{
    QVERIFY(startAsleep(0, {QStringLiteral("--wake-status"), QStringLiteral("500")}));
    const auto fail = [this] {
        const auto call = m_stack->call(m_stack->modelRequest("/v1/chat/completions", {}));
        return call->waitForEnd() && call->errorCode() == QLatin1String("wake_failed");
    };
    QVERIFY(fail());
    QVERIFY(waitUntil(IndicatorState::Attention));
    QTRY_COMPARE(m_notifier.shown.size(), 1);
    QVERIFY2(m_notifier.shown.first().text.contains(QStringLiteral("500")), qPrintable(m_notifier.shown.first().text));
    // The same cause is told once.
    QVERIFY(fail());
    m_app->board().refresh();
    QCOMPARE(m_notifier.shown.size(), 1);
}

void TestTrayWake::pausedBoxIsNotWoken()
{
    QVERIFY(startAsleep(100));
    m_app->host().pause();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    const auto call = m_stack->call(m_stack->modelRequest("/v1/chat/completions", {}));
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(m_stack->wakeRuns(), 0);
    m_app->host().resume();
    QVERIFY(m_stack->waitUntilLlmIs("hibernating"));
}

QTEST_MAIN(TestTrayWake)
#include "tst_traywake.moc"
