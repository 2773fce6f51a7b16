// SIGHUP to a server at work: what it takes over, what it only names, and that nothing that runs is disturbed.

#include "stacktest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestReload final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void limitsAndOrigins();
    void logLevel();
    void theQueueGetsShorter();
    void aRenewedCertificate();
    void aRenewedCertificateThatIsBad();
    void aBrokenFileChangesNothing();
    void whatNeedsARestartIsNamed();

private:
    /// Starts a stack whose server has this file.
    bool startWith(const QByteArray &file, StackSettings settings = {});
    /// Sends SIGHUP and waits until the server says this behind it.
    bool reload(const QByteArray &says) const;
    /// The same after the file has been replaced.
    bool reloadWith(const QByteArray &file, const QByteArray &says) const;

    std::unique_ptr<HttpCall> stream(const QJsonObject &members = {}) const
    {
        return m_stack->call(m_stack->chat(members));
    }

    std::unique_ptr<HttpCall> getFrom(const QByteArray &origin) const
    {
        auto answer = m_stack->call({.target = "/livez", .fields = {{"Origin", origin}}});
        answer->waitForEnd();
        return answer;
    }
};

namespace {

const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});

} // namespace

bool TestReload::startWith(const QByteArray &file, StackSettings settings)
{
    settings.serverFile = file;
    return startStack(settings);
}

bool TestReload::reload(const QByteArray &says) const
{
    const Program &server = m_stack->server();
    const auto before = server.log().count(says);
    server.signal(SIGHUP);
    return QTest::qWaitFor([&] { return server.log().count(says) > before; }, Program::patience.count());
}

bool TestReload::reloadWith(const QByteArray &file, const QByteArray &says) const
{
    m_stack->writeServerFile(file);
    return reload(says);
}

void TestReload::limitsAndOrigins()
{
    QVERIFY(startWith("http:\n  maxBody: 1MiB\n"));
    const QJsonObject large{{QStringLiteral("user"), QString(5000, u'x')}};
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    const auto before = stream(large);
    QVERIFY(before->waitForEnd());
    QCOMPARE(before->status(), 200);
    QVERIFY(getFrom("https://a.example")->field("access-control-allow-origin").isEmpty());

    QVERIFY(reloadWith("http:\n  maxBody: 4KiB\n  allowedOrigins: [https://a.example]\n",
                       "reloaded: http.maxBody, http.allowedOrigins"));
    const auto after = stream(large);
    QVERIFY(after->waitForEnd());
    QCOMPARE(after->status(), 413);
    QCOMPARE(getFrom("https://a.example")->field("access-control-allow-origin"), QByteArray("https://a.example"));
    QVERIFY(getFrom("https://b.example")->field("access-control-allow-origin").isEmpty());

    const qsizetype events = running->events().size();
    QVERIFY(running->waitForEvents(events + 5));
    QVERIFY(reload("reloaded: no setting has changed"));
}

void TestReload::logLevel()
{
    QVERIFY(startWith("logLevel: info\n"));
    QVERIFY(reloadWith("logLevel: warning\n", "reloaded: logLevel"));
    // Nothing tells of this one but its effect.
    m_stack->writeServerFile("logLevel: warning\nhttp:\n  allowedOrigins: ['*']\n");
    m_stack->server().signal(SIGHUP);
    QTRY_VERIFY(!getFrom("https://a.example")->field("access-control-allow-origin").isEmpty());
    QVERIFY(!m_stack->server().log().contains("reloaded: http.allowedOrigins"));
    // What waits for a restart is a warning.
    QVERIFY(
        reloadWith("logLevel: warning\nmetrics:\n  lagSeconds: 2\n",
                   "reloaded: http.allowedOrigins; changed, but only a restart takes them over: metrics.lagSeconds"));
    QVERIFY(reloadWith("logLevel: info\n", "reloaded: logLevel"));
}

void TestReload::theQueueGetsShorter()
{
    QVERIFY(startWith("queue:\n  maxWaiting: 1\n", {.maxConcurrency = 1}));
    auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    const auto waiting = stream();
    QTRY_COMPARE(m_stack->llm()[QLatin1String("waiting")].toInt(), 1);

    QVERIFY(reloadWith("queue:\n  maxWaiting: 0\n", "reloaded: queue.maxWaiting"));
    const auto refused = stream();
    QVERIFY(refused->waitForEnd());
    QCOMPARE(refused->status(), 429);
    QCOMPARE(refused->errorCode(), QStringLiteral("queue_full"));
    QVERIFY(!waiting->hasEnded());

    running->leave();
    QVERIFY(waiting->waitForEnd());
    QCOMPARE(waiting->status(), 200);
    QVERIFY(waiting->isComplete());
}

void TestReload::aRenewedCertificate()
{
    QVERIFY(startWith("logLevel: info\n", {.tls = true}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));

    // From here on calls trust the new one only, which the server has not seen yet.
    m_stack->renewCertificate();
    QCOMPARE(m_stack->get("/livez")->status(), 0);
    QVERIFY(reload("reloaded: the TLS certificate"));
    QVERIFY(m_stack->server().log().contains("another TLS certificate"));
    QCOMPARE(m_stack->get("/livez")->status(), 200);

    const qsizetype events = running->events().size();
    QVERIFY(running->waitForEvents(events + 5));
    QVERIFY(!running->hasEnded());
    // The publisher has kept its connection too.
    const auto answer = stream();
    QVERIFY(answer->waitForEnd());
    QVERIFY(answer->saysDone());
    QCOMPARE(m_stack->server().log().count("bound session"), 1);
}

void TestReload::aRenewedCertificateThatIsBad()
{
    QVERIFY(startWith("logLevel: info\n", {.tls = true}));
    QFile key(m_stack->path(QStringLiteral("certificate.key")));
    QVERIFY(key.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QVERIFY(reloadWith("http:\n  maxBody: 2KiB\n", "certificate.key"));
    QVERIFY(m_stack->server().log().contains("everything stays as it was"));
    QCOMPARE(m_stack->get("/livez")->status(), 200);
    const auto large = stream({{QStringLiteral("user"), QString(5000, u'x')}});
    QVERIFY(large->waitForEnd());
    QCOMPARE(large->status(), 200);
}

void TestReload::aBrokenFileChangesNothing()
{
    QVERIFY(startWith("logLevel: info\n"));
    const QByteArray place = m_stack->serverFile().toUtf8() + ":4: http.maxBdy: unknown setting";
    QVERIFY(reloadWith("http:\n  maxBody: 2KiB\n  allowedOrigins: ['*']\n  maxBdy: 2KiB\n", place));
    QVERIFY(getFrom("https://a.example")->field("access-control-allow-origin").isEmpty());
    const auto large = stream({{QStringLiteral("user"), QString(5000, u'x')}});
    QVERIFY(large->waitForEnd());
    QCOMPARE(large->status(), 200);
    QVERIFY(reloadWith("http:\n  maxBody: 2KiB\n", "reloaded: http.maxBody"));
}

void TestReload::whatNeedsARestartIsNamed()
{
    QVERIFY(startWith("logLevel: info\n"));
    const QByteArray file = "metrics:\n  lagSeconds: 2\ntls:\n  certificateFile: /a.pem\n  keyFile: /a.key\n";
    const QByteArray named = "reloaded: changed, but only a restart takes them over: tls.certificateFile, tls.keyFile, "
                             "metrics.lagSeconds";
    QVERIFY(reloadWith(file, named));
    QVERIFY(reload(named));
    QCOMPARE(m_stack->get("/livez")->status(), 200);
    // A flag goes before the file, and has not changed.
    QVERIFY(reloadWith("listen: 127.0.0.1:1\n", "reloaded: no setting has changed"));
}

QTEST_GUILESS_MAIN(TestReload)
#include "tst_reload.moc"
