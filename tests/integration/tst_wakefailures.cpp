// Wakes that fail, in every way: what each of those hears who wait, what is left behind, and that the next one helps.

#include "waketest.h"

#include <QFileInfo>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWakeFailures final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheCauseAndTriesAgain_data();
    void tellsTheCauseAndTriesAgain();
    void keepsMemoryBoundedWhateverIsWritten();
    void failsInTheStreamAfterTheGrace_data();
    void failsInTheStreamAfterTheGrace();
    void givesUpASilentPublisher();

private:
    /// Takes away what keeps the backend from waking up.
    void mend();
};

namespace {

/// How a wake fails, and what is heard of it.
struct Case
{
    WakeType type = WakeType::Script;
    /// What the script does before, or instead of, starting the backend.
    QByteArray script = {};
    QStringList backendFlags = {};
    QString recipeTimeout = QStringLiteral("30");
    QString maxWait = QStringLiteral("30");
    bool isTimeout = false;
    /// In the message, each of them.
    QStringList words = {};
    /// Of those that fail at once there is only one: the next would start another wake.
    int waiters = 4;
};

const QString shortLimit = QStringLiteral("0.8");
constexpr char missing[] = "missing";

/// Replaced by what starts the backend.
constexpr char backend[] = "BACKEND";
/// Replaced by what waits until the test says so.
constexpr char gate[] = "GATE";

} // namespace

void TestWakeFailures::tellsTheCauseAndTriesAgain_data()
{
    QTest::addColumn<Case>("failure");
    const auto row = [](const char *name, const Case &failure) { QTest::newRow(name) << failure; };
    row("exit status", {.script = "GATE\necho starting; echo first >&2; echo 'no GPU is left' >&2; echo >&2; exit 3\n",
                        .words = {QStringLiteral("3"), QStringLiteral("no GPU is left")}});
    row("exit status, with a child that lives on",
        {.script = "GATE\ntail -f /dev/null & tail -f /dev/null > /dev/null 2>&1 &\nexit 1\n",
         .words = {QStringLiteral("1")}});
    row("killed by a signal", {.script = "GATE\nkill -9 $$\n", .words = {QStringLiteral("9")}});
    row("missing program", {.script = missing, .words = {QStringLiteral("No such file or directory")}, .waiters = 1});
    row("program that hangs, forks grandchildren and writes 1 GB",
        {.script = "(tail -f /dev/null & sh -c 'tail -f /dev/null & tail -f /dev/null') &\n"
                   "head -c 1G /dev/zero\nexec tail -f /dev/null\n",
         .recipeTimeout = QStringLiteral("1.5"),
         .isTimeout = true,
         .words = {QStringLiteral("did not end within")}});
    row("program that takes no hint", {.script = "trap '' TERM\nwhile :; do tail -f /dev/null; done\n",
                                       .recipeTimeout = shortLimit,
                                       .isTimeout = true,
                                       .words = {QStringLiteral("did not end within")}});
    row("HTTP 500", {.type = WakeType::Http,
                     .backendFlags = {QStringLiteral("--wake-status"), QStringLiteral("500")},
                     .words = {QStringLiteral("500")},
                     .waiters = 1});
    row("HTTP 302", {.type = WakeType::Http,
                     .backendFlags = {QStringLiteral("--wake-status"), QStringLiteral("302")},
                     .words = {QStringLiteral("302")},
                     .waiters = 1});
    row("HTTP that never answers", {.type = WakeType::Http,
                                    .backendFlags = {QStringLiteral("--wake-hang"), QStringLiteral("--boot-fails")},
                                    .recipeTimeout = shortLimit,
                                    .isTimeout = true,
                                    .words = {QStringLiteral("did not end within")}});
    const QString notUp = QStringLiteral("did not come up within");
    row("backend that never comes up, http", {.type = WakeType::Http,
                                              .backendFlags = {QStringLiteral("--boot-fails")},
                                              .maxWait = shortLimit,
                                              .isTimeout = true,
                                              .words = {notUp}});
    row("backend that never comes up, command in the background", {.script = QByteArray(backend) + " --boot-fails &\n",
                                                                   .maxWait = shortLimit,
                                                                   .isTimeout = true,
                                                                   .words = {notUp}});
    row("backend that never comes up, command in the foreground",
        {.script = QByteArray("exec ") + backend + " --boot-fails\n",
         .recipeTimeout = shortLimit,
         .isTimeout = true,
         .words = {QStringLiteral("did not end within")}});
}

void TestWakeFailures::tellsTheCauseAndTriesAgain()
{
    QFETCH(Case, failure);
    StackSettings settings = wakeSettings(failure.type, failure.backendFlags);
    settings.recipes.wakeKeys = {{QStringLiteral("recipeTimeoutSeconds"), failure.recipeTimeout},
                                 {QStringLiteral("maxWaitSeconds"), failure.maxWait}};
    // A failure before the grace is over is a proper answer.
    settings.server[QStringLiteral("wake.graceSeconds")] = QStringLiteral("30");
    makeStack(settings);
    if (failure.script == missing)
        m_stack->recipes().removeWakeScript();
    else if (failure.type == WakeType::Script)
        m_stack->recipes().writeWakeScript(
            failure.script.replace(backend, m_stack->backendCommand()).replace(gate, m_stack->recipes().gate()));
    QVERIFY(m_stack->start("hibernating"));

    const auto calls = mixedCalls(failure.waiters);
    if (failure.waiters > 1)
        QTRY_COMPARE(waiting(), failure.waiters);
    QCOMPARE(m_stack->strangers().isEmpty(), failure.type == WakeType::Http || failure.script == missing);
    m_stack->recipes().openGate();
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd(10s));
        QVERIFY(call->isComplete());
        QCOMPARE(call->status(), failure.isTimeout ? 504 : 503);
        QCOMPARE(call->errorCode(), failure.isTimeout ? QStringLiteral("wake_timeout") : QStringLiteral("wake_failed"));
        const QString message = call->json()[QLatin1String("error")][QLatin1String("message")].toString();
        for (const QString &words : failure.words)
            QVERIFY2(message.contains(words), qPrintable(message));
        QVERIFY2(!message.contains(QLatin1String("/tmp")) && !message.contains(QLatin1String("127.0.0.1")),
                 qPrintable(message));
    }
    QCOMPARE(status(), "hibernating");
    QVERIFY(!isWaking());
    QCOMPARE(waiting(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_stack->strangers().isEmpty(), 2000);
    const int runs = failure.script == missing ? 0 : 1;
    QCOMPARE(m_stack->wakeRuns(), runs);

    // The cause stays: tried again, and failed again.
    const auto again = whole();
    QVERIFY(again->waitForEnd(10s));
    QCOMPARE(again->status(), failure.isTimeout ? 504 : 503);
    QCOMPARE(m_stack->wakeRuns(), runs * 2);

    mend();
    QVERIFY(isServed());
    QCOMPARE(status(), "active");
}

void TestWakeFailures::mend()
{
    if (!m_stack->recipes().isHttp()) {
        m_stack->recipes().writeWakeScript(m_stack->backendCommand() + " &\n");
        return;
    }
    m_stack->backend().kill();
    m_stack->settings().backendFlags.clear();
    QVERIFY(m_stack->startBackend());
}

void TestWakeFailures::keepsMemoryBoundedWhateverIsWritten()
{
    constexpr qint64 mebibyte = 1024 * 1024;
    StackSettings settings = notedWakeSettings();
    settings.recipes.script = "head -c 1G /dev/zero & head -c 1G /dev/zero >&2\nwait\necho 'at last' >&2\nexit 1\n";
    QVERIFY(startAsleep(settings));
    const qint64 before = m_stack->publisher().residentBytes();
    const auto call = whole();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QVERIFY2(call->body().contains("at last"), call->body().constData());
    const qint64 cost = m_stack->publisher().residentBytes() - before;
    QVERIFY2(cost < 8 * mebibyte, qPrintable(QStringLiteral("%1 KiB").arg(cost / 1024)));
    QVERIFY(QFileInfo(m_stack->publisher().logFile()).size() < mebibyte);
    QTRY_VERIFY_WITH_TIMEOUT(m_stack->strangers().isEmpty(), 2000);
}

void TestWakeFailures::failsInTheStreamAfterTheGrace_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("event");
    QTest::newRow("chat completions") << QByteArray("/v1/chat/completions") << QByteArray();
    QTest::newRow("completions") << QByteArray("/v1/completions") << QByteArray();
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray("error");
    QTest::newRow("messages") << QByteArray("/v1/messages") << QByteArray("error");
}

void TestWakeFailures::failsInTheStreamAfterTheGrace()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, event);
    StackSettings settings = notedWakeSettings();
    settings.server = {{QStringLiteral("wake.graceSeconds"), QStringLiteral("0.2")},
                       {QStringLiteral("wake.commentSeconds"), QStringLiteral("0.1")}};
    settings.recipes.wakeKeys = {{QStringLiteral("maxWaitSeconds"), QStringLiteral("1")}};
    QVERIFY(startAsleep(settings));
    const QJsonObject members{{QStringLiteral("stream"), true},
                              {QStringLiteral("prompt"), QStringLiteral("Hello")},
                              {QStringLiteral("input"), QStringLiteral("Hello")},
                              {QStringLiteral("max_tokens"), 5}};
    const auto streamed = m_stack->call(m_stack->modelRequest(route, members));
    const auto proper = whole();
    QVERIFY(streamed->waitForEnd());
    QVERIFY(proper->waitForEnd());
    QCOMPARE(proper->status(), 504);
    QCOMPARE(proper->errorCode(), QStringLiteral("wake_timeout"));

    QCOMPARE(streamed->status(), 200);
    QVERIFY2(!streamed->isComplete(), "the answer has its final chunk");
    QVERIFY(!streamed->saysDone());
    QVERIFY(streamed->body().endsWith("\n\n"));
    const StreamEvent &last = streamed->events().last();
    QCOMPARE(last.type, event);
    QVERIFY2(last.data.contains("did not come up within"), last.data.constData());
    if (route == "/v1/messages")
        QCOMPARE(last.json()[QLatin1String("type")].toString(), QStringLiteral("error"));
    else
        QVERIFY2(last.data.contains("\"wake_timeout\""), last.data.constData());
    // Before it there were comments, or pings, and nothing else.
    QVERIFY(!streamed->comments().isEmpty() || streamed->events().size() > 1);
    for (const StreamEvent &before : streamed->events().sliced(0, streamed->events().size() - 1))
        QCOMPARE(before.type, "ping");
    QCOMPARE(status(), "hibernating");
}

void TestWakeFailures::givesUpASilentPublisher()
{
    StackSettings settings = notedWakeSettings();
    settings.server = {{QStringLiteral("wake.marginSeconds"), QStringLiteral("0.5")}};
    settings.recipes.wakeKeys = {{QStringLiteral("recipeTimeoutSeconds"), QStringLiteral("1")},
                                 {QStringLiteral("maxWaitSeconds"), QStringLiteral("1")}};
    QVERIFY(startAsleep(settings));
    const auto call = whole();
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    m_stack->publisher().signal(SIGSTOP);
    QVERIFY(call->waitForEnd(5s));
    QCOMPARE(call->status(), 504);
    QCOMPARE(call->errorCode(), QStringLiteral("wake_timeout"));
    QVERIFY(call->endedAt() >= 2500ms);
    m_stack->publisher().signal(SIGCONT);
    QTRY_COMPARE(status(), "hibernating");
    // Whatever the publisher says of it now, the next wake is another one.
    m_stack->recipes().writeWakeScript(m_stack->backendCommand() + " &\n");
    QTRY_VERIFY(isServed());
}

QTEST_GUILESS_MAIN(TestWakeFailures)
#include "tst_wakefailures.moc"
