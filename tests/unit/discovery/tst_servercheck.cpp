// ServerCheck against a real hearthd, and against everything that may be there instead of one.

#include "servercheck.h"
#include "stack.h"
#include "webstub.h"

#include <QTest>

using namespace hearth;
using namespace hearth::discovery;
using namespace std::chrono_literals;
using testsupport::Stack;

Q_DECLARE_METATYPE(std::optional<hearth::ErrorCode>)

class TestServerCheck final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void judgesKeys_data();
    void judgesKeys();
    void judgesCertificates();
    void noticesTheWrongScheme();
    void tellsWhoIsThereInstead_data();
    void tellsWhoIsThereInstead();
    void tellsThatNobodyIsThere();
    void refusesNonsense_data();
    void refusesNonsense();
    void givesUpAfterTheDeadline();
    void onlyTheLastCheckCounts();
    void cancels();

private:
    std::unique_ptr<Stack> m_plain;
    std::unique_ptr<Stack> m_secure;
};

namespace {

struct Verdict
{
    std::optional<ErrorCode> code;
    QString text;
};

/// A check, and what it has said.
struct Check
{
    explicit Check(ServerCheckSettings settings = {})
        : check(clock, nullptr, std::move(settings))
    {
        QObject::connect(&check, &ServerCheck::finished, &check,
                         [this](std::optional<ErrorCode> code, const QString &text) {
                             verdicts.append({code, text});
                         });
    }

    Verdict run(const QUrl &server, const QByteArray &key = {}, const QString &caFile = {})
    {
        verdicts.clear();
        check.start(server, key, caFile);
        if (!verdicts.isEmpty() || !QTest::qWaitFor([this] { return !verdicts.isEmpty(); }, 5000))
            return {ErrorCode::Internal, QStringLiteral("no verdict in time, or one from inside start()")};
        return verdicts.first();
    }

    SystemClock clock;
    ServerCheck check;
    QList<Verdict> verdicts;
};

QUrl withScheme(QUrl url, const char *scheme)
{
    url.setScheme(QLatin1String(scheme));
    return url;
}

} // namespace

void TestServerCheck::initTestCase()
{
    m_plain = std::make_unique<Stack>();
    m_secure = std::make_unique<Stack>(testsupport::StackSettings{.tls = true});
    for (Stack *stack : {m_plain.get(), m_secure.get()})
        QVERIFY2(stack->makeKeys() && stack->startServer(), stack->logTails().constData());
}

void TestServerCheck::judgesKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<std::optional<ErrorCode>>("code");
    QTest::addColumn<QString>("words");
    using Code = std::optional<ErrorCode>;
    QTest::newRow("none") << QByteArray() << Code() << QStringLiteral("There is a Hearth server.");
    QTest::newRow("good") << m_plain->key("publisher") << Code() << QStringLiteral("takes this key");
    QTest::newRow("may only infer") << m_plain->key("client") << Code(ErrorCode::ScopeMissing)
                                    << QStringLiteral("may not publish");
    QTest::newRow("unknown") << QByteArray("hk_unknown") << Code(ErrorCode::InvalidApiKey)
                             << QStringLiteral("does not know this key");
    QTest::newRow("two words") << QByteArray("hk_a hk_b") << Code(ErrorCode::InvalidApiKey)
                               << QStringLiteral("one word");
}

void TestServerCheck::judgesKeys()
{
    QFETCH(QByteArray, key);
    QFETCH(std::optional<ErrorCode>, code);
    QFETCH(QString, words);
    Check check;
    const Verdict verdict = check.run(m_plain->serverUrl(), key);
    QVERIFY2(verdict.code == code, qPrintable(verdict.text));
    QVERIFY2(verdict.text.contains(words), qPrintable(verdict.text));
}

void TestServerCheck::judgesCertificates()
{
    const QUrl server = withScheme(m_secure->serverUrl(), "https");
    const QString authority = m_secure->path(QStringLiteral("certificate.pem"));
    Check check;
    Verdict verdict = check.run(server, m_secure->key("publisher"));
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("choose the file of its certificate authority")),
             qPrintable(verdict.text));

    verdict = check.run(server, m_secure->key("publisher"), authority);
    QVERIFY2(!verdict.code, qPrintable(verdict.text));

    QUrl otherName = server;
    // Leads to this machine as well, but no certificate is made for it.
    otherName.setHost(QStringLiteral("0.0.0.0"));
    verdict = check.run(otherName, {}, authority);
    QVERIFY2(verdict.text.contains(QStringLiteral("not for the name 0.0.0.0")), qPrintable(verdict.text));

    verdict = check.run(server, {}, m_secure->path(QStringLiteral("nothing.pem")));
    QVERIFY(verdict.code == ErrorCode::Configuration);
    QVERIFY2(verdict.text.contains(QStringLiteral("There is no certificate")), qPrintable(verdict.text));
}

void TestServerCheck::noticesTheWrongScheme()
{
    Check check;
    Verdict verdict = check.run(withScheme(m_secure->serverUrl(), "http"));
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("speaks https")), qPrintable(verdict.text));
    verdict = check.run(withScheme(m_plain->serverUrl(), "https"));
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("speaks http there")), qPrintable(verdict.text));
}

void TestServerCheck::tellsWhoIsThereInstead_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("words");
    QTest::newRow("web server") << WebStub::http(404, "<html>") << QStringLiteral("no Hearth server");
    QTest::newRow("some page") << WebStub::http(200, "<html>") << QStringLiteral("no Hearth server");
    QTest::newRow("proxy") << WebStub::http(502) << QStringLiteral("behind it");
    QTest::newRow("redirect") << WebStub::http(301, {}, "Location: https://hearth.example.org/livez\r\n")
                              << QStringLiteral("https://hearth.example.org");
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << QStringLiteral("Check the port");
    QTest::newRow("silence") << QByteArray() << QStringLiteral("Check the port");
}

void TestServerCheck::tellsWhoIsThereInstead()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, words);
    const WebStub stub([&answer](const QByteArray &) { return answer; });
    Check check;
    const Verdict verdict = check.run(stub.url(), "hk_test");
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(words), qPrintable(verdict.text));
    // The key goes to nobody but a Hearth server.
    for (const QByteArray &head : stub.heads)
        QVERIFY(!head.contains("hk_test"));
}

void TestServerCheck::tellsThatNobodyIsThere()
{
    QUrl gone;
    {
        const WebStub stub([](const QByteArray &) { return QByteArray(); });
        gone = stub.url();
    }
    Check check;
    Verdict verdict = check.run(gone);
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("no server on port %1").arg(gone.port())), qPrintable(verdict.text));
    verdict = check.run(QUrl(QStringLiteral("http://hearth.invalid")));
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("hearth.invalid")), qPrintable(verdict.text));
}

void TestServerCheck::refusesNonsense_data()
{
    QTest::addColumn<QUrl>("server");
    QTest::newRow("empty") << QUrl();
    QTest::newRow("no scheme") << QUrl(QStringLiteral("hearth.example.org"));
    QTest::newRow("other scheme") << QUrl(QStringLiteral("ws://127.0.0.1:4327"));
    QTest::newRow("no host") << QUrl(QStringLiteral("http://"));
}

void TestServerCheck::refusesNonsense()
{
    QFETCH(QUrl, server);
    Check check;
    const Verdict verdict = check.run(server);
    QVERIFY(verdict.code == ErrorCode::Configuration);
    QVERIFY2(verdict.text.contains(QStringLiteral("no address")), qPrintable(verdict.text));
}

void TestServerCheck::givesUpAfterTheDeadline()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Check check({.answerTimeout = 50ms});
    const Verdict verdict = check.run(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(silent.serverPort())));
    QVERIFY(verdict.code == ErrorCode::Io);
    QVERIFY2(verdict.text.contains(QStringLiteral("Nobody answers")), qPrintable(verdict.text));
}

void TestServerCheck::onlyTheLastCheckCounts()
{
    Check check;
    check.check.start(m_plain->serverUrl(), "hk_unknown", {});
    QTest::qWait(1);
    check.check.start(m_plain->serverUrl(), m_plain->key("publisher"), {});
    QTRY_COMPARE(check.verdicts.size(), 1);
    QVERIFY(!check.verdicts.first().code);
}

void TestServerCheck::cancels()
{
    Check check;
    check.check.start(m_plain->serverUrl(), {}, {});
    check.check.cancel();
    Check other;
    QVERIFY(!other.run(m_plain->serverUrl()).code);
    QVERIFY(check.verdicts.isEmpty());
}

QTEST_GUILESS_MAIN(TestServerCheck)

#include "tst_servercheck.moc"
