#include "backendaddress.h"
#include "backendfinder.h"
#include "webstub.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::discovery;
using namespace std::chrono_literals;

class TestBackendFinder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void understandsAddresses_data();
    void understandsAddresses();
    void understandsServers_data();
    void understandsServers();
    void sendsNoKeyInTheClear_data();
    void sendsNoKeyInTheClear();
    void saysThatAKeyWantsTls();
    void makesNames_data();
    void makesNames();
    void findsWhatAnswers();
    void findsNothingWithoutPorts();
    void tellsKinds_data();
    void tellsKinds();
    void boundsModels();
    void showsTheKey();
    void triesThePathsOfAnAddress();
    void saysWhyNot_data();
    void saysWhyNot();
    void saysThatNobodyListens();
    void givesUpAfterTheDeadline();
    void cancels();
    void beginsAnewFromASlot();
};

namespace {

QByteArray modelList(const QByteArray &id, const QByteArray &owner = "somebody")
{
    return R"({"object":"list","data":[{"id":")" + id + R"(","owned_by":")" + owner + R"("}]})";
}

WebStub::Answer always(const QByteArray &answer)
{
    return [answer](const QByteArray &) { return answer; };
}

/// A finder and everything that it has said.
struct Finder
{
    explicit Finder(FinderSettings settings = {})
        : finder(client, clock, nullptr, settings)
        , finished(&finder, &BackendFinder::finished)
    {
        QObject::connect(&finder, &BackendFinder::found, &finder,
                         [this](const FoundBackend &backend) { found.push_back(backend); });
        QObject::connect(&finder, &BackendFinder::failed, &finder,
                         [this](const QString &reason) { reasons.append(reason); });
    }

    bool waitForEnd() { return !finished.isEmpty() || finished.wait(5000); }

    SystemClock clock;
    httpclient::HttpClient client{{}, clock};
    BackendFinder finder;
    QSignalSpy finished;
    std::vector<FoundBackend> found;
    QStringList reasons;
};

} // namespace

void TestBackendFinder::understandsAddresses_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("urls");
    const auto row = [](const char *name, const char *typed, std::initializer_list<const char *> urls) {
        QStringList texts;
        for (const char *url : urls)
            texts.append(QString::fromLatin1(url));
        QTest::newRow(name) << QString::fromLatin1(typed) << texts;
    };
    row("host and port", "gpu:8000",
        {"http://gpu:8000/v1", "http://gpu:8000", "https://gpu:8000/v1", "https://gpu:8000"});
    row("blanks around", "  gpu:8000/v1 ", {"http://gpu:8000/v1", "https://gpu:8000/v1"});
    row("whole", "http://10.0.0.5:8000/v1", {"http://10.0.0.5:8000/v1"});
    row("slash at the end", "http://10.0.0.5:8000/v1/", {"http://10.0.0.5:8000/v1"});
    row("TLS", "https://gpu.example.org", {"https://gpu.example.org/v1", "https://gpu.example.org"});
    row("out of a curl line", "http://gpu:8000/v1/chat/completions", {"http://gpu:8000/v1"});
    row("the list itself", "http://gpu:8000/v1/models", {"http://gpu:8000/v1"});
    row("a path of its own", "http://gpu/openai", {"http://gpu/openai/v1", "http://gpu/openai"});
    row("another version", "http://gpu/api/v3", {"http://gpu/api/v3"});
    row("IPv6", "[::1]:8000/v1", {"http://[::1]:8000/v1", "https://[::1]:8000/v1"});
    row("password and query", "http://me:secret@gpu:8000/v1?a=b#c", {"http://gpu:8000/v1"});
    row("empty", "", {});
    row("no address", "the box in the cellar", {});
    row("another scheme", "ftp://gpu:8000", {});
    row("bad port", "gpu:800000", {});
}

void TestBackendFinder::understandsAddresses()
{
    QFETCH(QString, typed);
    QFETCH(QStringList, urls);
    QStringList understood;
    for (const QUrl &url : backendUrls(typed, false))
        understood.append(url.toString());
    QCOMPARE(understood, urls);
}

void TestBackendFinder::understandsServers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("url");
    const auto row = [](const char *name, const char *typed, const char *url) {
        QTest::newRow(name) << QString::fromLatin1(typed) << QString::fromLatin1(url);
    };
    row("whole", "http://hearth.example.org", "http://hearth.example.org");
    row("a name alone", "hearth.example.org", "https://hearth.example.org");
    row("with a port", "hearth.example.org:4327", "https://hearth.example.org:4327");
    row("this machine", "localhost:4327", "http://localhost:4327");
    row("an address of the internet", "203.0.113.5:4327", "https://203.0.113.5:4327");
    row("an address", "10.0.0.5:4327", "http://10.0.0.5:4327");
    row("slashes and blanks", " https://hearth.example.org// ", "https://hearth.example.org");
    row("a path", "https://example.org/hearth/", "https://example.org/hearth");
    row("nothing", "  ", "");
}

void TestBackendFinder::understandsServers()
{
    QFETCH(QString, typed);
    QTEST(serverFromText(typed).toString(), "url");
}

void TestBackendFinder::sendsNoKeyInTheClear_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("isPlain");
    const auto row = [](const char *typed, bool isPlain) {
        QTest::newRow(typed) << QString::fromLatin1(typed) << isPlain;
    };
    row("llm.example.com", false);
    row("203.0.113.5:8000", false);
    row("[2001:db8::1]:8000", false);
    row("https://gpu:8000", false);
    row("not.local.example.com", false);
    row("gpu:8000", true);
    row("localhost:8000", true);
    row("gpu.local:8000/v1", true);
    row("GPU.LAN", true);
    row("gpu.home.arpa", true);
    row("127.0.0.1:8000", true);
    row("10.0.0.5:8000", true);
    row("192.168.1.2", true);
    row("[::1]:8000", true);
    row("[fe80::1]:8000", true);
    row("[fd00::1]:8000", true);
    row("http://llm.example.com", true);
}

void TestBackendFinder::sendsNoKeyInTheClear()
{
    QFETCH(QString, typed);
    QFETCH(bool, isPlain);
    const QList<QUrl> urls = backendUrls(typed, true);
    QVERIFY(!urls.isEmpty());
    QCOMPARE(urls.first().scheme(), isPlain ? QStringLiteral("http") : QStringLiteral("https"));
    const bool isMixed =
        std::ranges::any_of(urls, [&urls](const QUrl &url) { return url.scheme() != urls.first().scheme(); });
    QCOMPARE(isMixed, isPlain && !typed.contains(QStringLiteral("://")));
}

void TestBackendFinder::saysThatAKeyWantsTls()
{
    // No server has such a name (RFC 2606).
    const QString nowhere = QStringLiteral("llm.example.invalid");
    Finder finder({.deadline = std::chrono::milliseconds(500)});
    finder.finder.ask(nowhere, "secret");
    QVERIFY(finder.waitForEnd());
    QVERIFY2(finder.reasons.value(0).contains(QStringLiteral("over https only")), qPrintable(finder.reasons.value(0)));
    finder.finished.clear();
    finder.finder.ask(nowhere, {});
    QVERIFY(finder.waitForEnd());
    QVERIFY(!finder.reasons.value(1).contains(QStringLiteral("https")));
}

void TestBackendFinder::makesNames_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("taken");
    QTest::addColumn<QString>("name");
    const QString longest(128, u'a');
    const auto row = [](const char *name, const QString &model, const QStringList &taken, const QString &expected) {
        QTest::newRow(name) << model << taken << expected;
    };
    const auto text = [](const char *latin) { return QString::fromLatin1(latin); };
    row("as it is", text("Qwen/Qwen2.5-7B"), {}, text("Qwen/Qwen2.5-7B"));
    row("tag", text("llama3:latest"), {}, text("llama3:latest"));
    row("foreign characters", text("my model (v2)"), {}, text("my-model-v2-"));
    row("bad beginning", text("_-model"), {}, text("model"));
    row("file", text("/srv/weights/Qwen2-7B.Q4_K_M.gguf"), {}, text("Qwen2-7B.Q4_K_M"));
    row("nothing left", text("???"), {}, text("model"));
    row("empty", {}, {}, text("model"));
    row("too long", longest + u'b', {}, longest);
    row("taken", text("llama3"), {text("llama3")}, text("llama3-2"));
    row("taken twice", text("llama3"), {text("llama3"), text("llama3-2")}, text("llama3-3"));
    row("long and taken", longest, {longest}, longest.left(126) + text("-2"));
}

void TestBackendFinder::makesNames()
{
    QFETCH(QString, model);
    QFETCH(QStringList, taken);
    QTEST(nameFor(model, taken), "name");
}

void TestBackendFinder::findsWhatAnswers()
{
    const WebStub first(always(WebStub::http(200, modelList("llama3:8b", "library"))));
    const WebStub second(always(WebStub::http(200, modelList("Qwen/Qwen2.5-7B", "vllm"))));
    const WebStub broken(always(WebStub::http(500)));
    const WebStub page(always(WebStub::http(200, "<html>")));
    Finder finder;
    finder.finder.search({first.port(), broken.port(), page.port(), second.port()});
    QVERIFY(finder.found.empty());
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.found.size(), 2u);
    std::ranges::sort(finder.found, {}, &FoundBackend::kind);
    QCOMPARE(finder.found[0].kind, QStringLiteral("Ollama"));
    QCOMPARE(finder.found[0].url, QUrl(QStringLiteral("http://%1/v1").arg(first.authority())));
    QCOMPARE(finder.found[0].models, QStringList{QStringLiteral("llama3:8b")});
    QCOMPARE(finder.found[1].kind, QStringLiteral("vLLM"));
    QVERIFY(finder.reasons.isEmpty());
    QCOMPARE(finder.finished.size(), 1);
    QVERIFY(first.heads.first().startsWith("GET /v1/models HTTP/1.1\r\n"));
}

void TestBackendFinder::findsNothingWithoutPorts()
{
    Finder finder;
    finder.finder.search({});
    QVERIFY(finder.finished.isEmpty());
    QVERIFY(finder.waitForEnd());
    QVERIFY(finder.found.empty());
}

void TestBackendFinder::tellsKinds_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("models");
    QTest::newRow("llama.cpp") << modelList("a", "llamacpp") << QStringLiteral("llama.cpp") << 1;
    QTest::newRow("LM Studio") << modelList("a", "organization_owner") << QStringLiteral("LM Studio") << 1;
    QTest::newRow("unknown") << modelList("a", "me") << QStringLiteral("OpenAI-compatible") << 1;
    QTest::newRow("nobody") << QByteArray(R"({"data":[{"id":"a"}]})") << QStringLiteral("OpenAI-compatible") << 1;
    QTest::newRow("no models") << QByteArray(R"({"object":"list","data":null})") << QStringLiteral("OpenAI-compatible")
                               << 0;
    QTest::newRow("odd entries") << QByteArray(R"({"data":[{"id":"a"},7,{"id":""},{"id":"a"},{"id":"b"}]})")
                                 << QStringLiteral("OpenAI-compatible") << 2;
}

void TestBackendFinder::tellsKinds()
{
    QFETCH(QByteArray, body);
    const WebStub backend(always(WebStub::http(200, body)));
    Finder finder;
    finder.finder.search({backend.port()});
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.found.size(), 1u);
    QTEST(finder.found.front().kind, "kind");
    QTEST(static_cast<int>(finder.found.front().models.size()), "models");
}

void TestBackendFinder::boundsModels()
{
    const WebStub backend(always(WebStub::http(200, R"({"data":[{"id":"a"},{"id":"b"},{"id":"c"}]})")));
    Finder finder({.maxModels = 2});
    finder.finder.search({backend.port()});
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.found.front().models, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
}

void TestBackendFinder::showsTheKey()
{
    const WebStub backend(always(WebStub::http(200, modelList("a"))));
    Finder finder;
    finder.finder.ask(backend.authority(), "secret");
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.found.size(), 1u);
    QVERIFY(backend.heads.first().contains("\r\nAuthorization: Bearer secret\r\n"));
}

void TestBackendFinder::triesThePathsOfAnAddress()
{
    const WebStub backend([](const QByteArray &head) {
        return head.startsWith("GET /models ") ? WebStub::http(200, modelList("a")) : WebStub::http(404);
    });
    Finder finder;
    finder.finder.ask(backend.authority(), {});
    QVERIFY(finder.waitForEnd());
    QVERIFY2(finder.reasons.isEmpty(), qPrintable(finder.reasons.join(u'\n')));
    QCOMPARE(finder.found.size(), 1u);
    QCOMPARE(finder.found.front().url, backend.url());
    QCOMPARE(backend.heads.size(), 2);
}

void TestBackendFinder::saysWhyNot_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("words");
    QTest::newRow("wants a key") << WebStub::http(401) << QByteArray() << QStringLiteral("wants an API key");
    QTest::newRow("another key") << WebStub::http(403) << QByteArray("secret")
                                 << QStringLiteral("not take this API key");
    QTest::newRow("no list") << WebStub::http(404) << QByteArray() << QStringLiteral("HTTP status 404");
    QTest::newRow("a web page") << WebStub::http(200, "<html>") << QByteArray() << QStringLiteral("HTTP status 200");
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH\r\n") << QByteArray()
                             << QStringLiteral("Start the backend");
}

void TestBackendFinder::saysWhyNot()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, key);
    QFETCH(QString, words);
    const WebStub backend(always(answer));
    Finder finder;
    finder.finder.ask(backend.authority() + QStringLiteral("/v1"), key);
    QVERIFY(finder.waitForEnd());
    QVERIFY(finder.found.empty());
    QCOMPARE(finder.reasons.size(), 1);
    QVERIFY2(finder.reasons.first().contains(words), qPrintable(finder.reasons.first()));
    QVERIFY(!finder.reasons.first().contains(QStringLiteral("secret")));
}

void TestBackendFinder::saysThatNobodyListens()
{
    quint16 port = 0;
    {
        const WebStub gone(always({}));
        port = gone.port();
    }
    Finder finder;
    finder.finder.ask(QStringLiteral("127.0.0.1:%1").arg(port), {});
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.reasons.size(), 1);
    QVERIFY2(finder.reasons.first().contains(QStringLiteral("Connection refused")), qPrintable(finder.reasons.first()));

    finder.finished.clear();
    finder.finder.ask(QStringLiteral("the box in the cellar"), {});
    QVERIFY(finder.waitForEnd());
    QVERIFY(finder.reasons.last().contains(QStringLiteral("is no address")));
}

void TestBackendFinder::givesUpAfterTheDeadline()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Finder finder({.deadline = 50ms});
    finder.finder.search({silent.serverPort()});
    QVERIFY(finder.waitForEnd());
    QVERIFY(finder.found.empty());
}

void TestBackendFinder::cancels()
{
    const WebStub backend(always(WebStub::http(200, modelList("a"))));
    Finder finder;
    finder.finder.search({backend.port()});
    finder.finder.cancel();
    finder.finder.ask(QStringLiteral("nonsense here"), {});
    finder.finder.cancel();
    QVERIFY(!finder.finished.wait(100));
    QVERIFY(finder.found.empty());
    QVERIFY(finder.reasons.isEmpty());
}

void TestBackendFinder::beginsAnewFromASlot()
{
    const WebStub backend(always(WebStub::http(200, modelList("a"))));
    Finder finder;
    bool again = true;
    connect(&finder.finder, &BackendFinder::found, &finder.finder, [&] {
        if (std::exchange(again, false))
            finder.finder.ask(backend.authority(), {});
    });
    finder.finder.search({backend.port()});
    QVERIFY(finder.waitForEnd());
    QCOMPARE(finder.found.size(), 2u);
    QCOMPARE(finder.finished.size(), 1);
}

QTEST_GUILESS_MAIN(TestBackendFinder)

#include "tst_backendfinder.moc"
