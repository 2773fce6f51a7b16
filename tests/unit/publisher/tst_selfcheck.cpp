#include "publisherfixture.h"
#include "selfcheck.h"

#include <QFile>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestSelfCheck final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEverythingInOrder();
    void mentionsAgents();
    void mentionsPools();
    void findsThatNothingIsPublished();
    void findsTheServerAway();
    void findsAnotherServer();
    void findsTheKeyRefused();
    void findsTheKeyFileMissing();
    void findsABackendDown_data();
    void findsABackendDown();
    void findsAModelMissing();
    void acceptsAModelByItsShortName();
    void trustsABackendWithoutAList();
    void findsARecipeThatCannotRun();
    void looksAtBothRecipes();
};

namespace {

/// A check with a server that answers /livez and a backend, both played by the test.
class CheckFixture : public PublisherFixture
{
public:
    CheckFixture()
    {
        settings.server = QUrl(QString::fromLatin1(QByteArray(web.url()).replace("/v1", "")));
        settings.keyFile = directory.filePath(QStringLiteral("publisher.key"));
        QFile file(settings.keyFile);
        if (!file.open(QIODevice::WriteOnly) || file.write("hk_test\n") < 0)
            qFatal("cannot write the key file");
    }

    /// Runs the check to its end; `answerCall` deals with the call to the server.
    bool run(const std::function<void()> &answerCall)
    {
        SelfCheck check(settings, dialer, client, clock);
        std::optional<bool> verdict;
        QObject::connect(&check, &SelfCheck::found, &check,
                         [this](const Finding &finding) { (finding.isWell ? well : failed).append(finding.text); });
        QObject::connect(&check, &SelfCheck::finished, &check, [&verdict](bool allIsWell) { verdict = allIsWell; });
        check.start();
        if (QTest::qWaitFor([&] { return dialer.isDialing() || verdict; }, 5000) && dialer.isDialing())
            answerCall();
        return QTest::qWaitFor([&verdict] { return verdict.has_value(); }, 5000) && *verdict == failed.isEmpty();
    }

    bool runWell()
    {
        return run([this] { greet(); });
    }

    ScriptedBackend web;
    QStringList well;
    QStringList failed;
};

} // namespace

void TestSelfCheck::findsEverythingInOrder()
{
    CheckFixture fixture;
    QVERIFY(fixture.runWell());
    QVERIFY2(fixture.failed.isEmpty(), qPrintable(fixture.failed.join(u'\n')));
    QCOMPARE(fixture.well.size(), 6);
    QVERIFY(fixture.web.questions.first().startsWith("GET /livez HTTP/1.1\r\n"));
    QCOMPARE(fixture.dialer.lastKey, QByteArray("hk_test"));
    // Nothing was registered.
    QTRY_VERIFY(fixture.server->closeReason);
    QVERIFY(fixture.server->messages.empty());
}

void TestSelfCheck::mentionsAgents()
{
    CheckFixture fixture;
    fixture.settings.agents = {{.name = QStringLiteral("coder"), .llm = QStringLiteral("vllm-local")},
                               {.name = QStringLiteral("brief"), .llm = QStringLiteral("elsewhere")}};
    QVERIFY(fixture.runWell());
    QVERIFY2(fixture.failed.isEmpty(), qPrintable(fixture.failed.join(u'\n')));
    QVERIFY(fixture.well.contains(QStringLiteral("agent coder: it is published with vllm-local.")));
    QVERIFY(fixture.well.contains(
        QStringLiteral("agent brief: its Llm elsewhere is no entry of llms, so the server has to know it.")));
    // Agents alone are something, too.
    CheckFixture alone;
    alone.settings.llms.clear();
    alone.settings.agents = {{.name = QStringLiteral("brief"), .llm = QStringLiteral("elsewhere")}};
    QVERIFY(alone.runWell());
    QVERIFY2(alone.failed.isEmpty(), qPrintable(alone.failed.join(u'\n')));
}

void TestSelfCheck::mentionsPools()
{
    CheckFixture fixture;
    fixture.settings.llms.front().pool = QStringLiteral("qwen");
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("alone")));
    fixture.settings.llms.back().pool = QString();
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("follows")));
    fixture.settings.agents = {{.name = QStringLiteral("coder"), .pool = QStringLiteral("qwen")},
                               {.name = QStringLiteral("brief"), .pool = QStringLiteral("elsewhere")}};
    QVERIFY(fixture.runWell());
    QVERIFY2(fixture.failed.isEmpty(), qPrintable(fixture.failed.join(u'\n')));
    QCOMPARE(
        fixture.well.filter(QStringLiteral("serves the pool")),
        (QStringList{QStringLiteral("vllm-local: it also serves the pool qwen, if the key may publish there."),
                     QStringLiteral("follows: it also serves the pool test-model, if the key may publish there.")}));
    QVERIFY(fixture.well.contains(QStringLiteral("agent coder: its pool qwen is served from here.")));
    QVERIFY(fixture.well.contains(
        QStringLiteral("agent brief: no entry of llms serves its pool elsewhere, so the server has to know one.")));
}

void TestSelfCheck::findsThatNothingIsPublished()
{
    CheckFixture fixture;
    fixture.settings.llms.front().publish = false;
    QVERIFY(fixture.runWell());
    QCOMPARE(fixture.failed.size(), 1);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("Nothing is published")));
    QVERIFY(fixture.backend.questions.isEmpty());
}

void TestSelfCheck::findsTheServerAway()
{
    CheckFixture fixture;
    fixture.web.stop();
    QVERIFY(fixture.run([&] { fixture.dialer.refuse({ErrorCode::Io, QStringLiteral("Cannot reach the server.")}); }));
    QCOMPARE(fixture.failed.size(), 2);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("cannot be reached")));
}

void TestSelfCheck::findsAnotherServer()
{
    CheckFixture fixture;
    fixture.web.availability = 404;
    QVERIFY(fixture.runWell());
    QCOMPARE(fixture.failed.size(), 1);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("is it a Hearth server?")));
}

void TestSelfCheck::findsTheKeyRefused()
{
    CheckFixture fixture;
    QVERIFY(fixture.run([&] {
        fixture.dialer.refuse({ErrorCode::ScopeMissing, QStringLiteral("It may not publish.")});
    }));
    QCOMPARE(fixture.failed, QStringList{QStringLiteral("It may not publish.")});
    QCOMPARE(fixture.well.size(), 5);
}

void TestSelfCheck::findsTheKeyFileMissing()
{
    CheckFixture fixture;
    QVERIFY(QFile::remove(fixture.settings.keyFile));
    QVERIFY(fixture.run([] {}));
    QCOMPARE(fixture.failed.size(), 1);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("publisher.key")));
}

void TestSelfCheck::findsABackendDown_data()
{
    QTest::addColumn<int>("availability");
    QTest::addColumn<bool>("hasRecipe");

    QTest::newRow("loading") << 503 << false;
    QTest::newRow("gone") << -1 << false;
    QTest::newRow("asleep") << -1 << true;
}

void TestSelfCheck::findsABackendDown()
{
    QFETCH(int, availability);
    QFETCH(bool, hasRecipe);

    CheckFixture fixture;
    fixture.backend.availability = availability;
    if (availability < 0)
        fixture.backend.stop();
    if (hasRecipe)
        fixture.settings.llms.front().wake = WakeRecipe{HttpRecipe{.url = "http://10.0.0.50/wake"}, 30s, 60s};
    QVERIFY(fixture.runWell());
    QCOMPARE(fixture.failed.size(), hasRecipe ? 0 : 1);
    QVERIFY((hasRecipe ? fixture.well : fixture.failed).last().startsWith(QStringLiteral("vllm-local: its backend ")));
}

void TestSelfCheck::findsAModelMissing()
{
    CheckFixture fixture;
    fixture.settings.llms.front().model = QStringLiteral("gpt-5");
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("second")));
    QVERIFY(fixture.runWell());
    QCOMPARE(fixture.failed.size(), 1);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("does not offer \"gpt-5\", but test-model")));
    QVERIFY(fixture.well.last().startsWith(QStringLiteral("second: its backend offers")));
}

void TestSelfCheck::acceptsAModelByItsShortName()
{
    CheckFixture fixture;
    fixture.backend.modelList = R"({"data":[{"id":"test-model:latest"}]})";
    QVERIFY(fixture.runWell());
    QVERIFY(fixture.failed.isEmpty());
}

void TestSelfCheck::trustsABackendWithoutAList()
{
    CheckFixture fixture;
    fixture.backend.modelList = "It works!";
    QVERIFY(fixture.runWell());
    QVERIFY(fixture.failed.isEmpty());
    QVERIFY(fixture.well.last().contains(QStringLiteral("taken on trust")));
}

void TestSelfCheck::findsARecipeThatCannotRun()
{
    CheckFixture fixture;
    fixture.settings.llms.front().wake =
        WakeRecipe{CommandRecipe{fixture.directory.filePath(QStringLiteral("none")), {}}, 30s, 60s};
    QVERIFY(fixture.runWell());
    QCOMPARE(fixture.failed.size(), 1);
    QVERIFY(fixture.failed.first().contains(QStringLiteral("is not an executable file")));
}

void TestSelfCheck::looksAtBothRecipes()
{
    CheckFixture fixture;
    LlmSettings &llm = fixture.settings.llms.front();
    llm.wake = WakeRecipe{CommandRecipe{QStringLiteral("/bin/true"), {}}, 30s, 60s};
    // A file, but no program.
    llm.sleep = SleepRecipe{CommandRecipe{fixture.settings.keyFile, {}}, 30s, 60s};
    QVERIFY(fixture.runWell());
    QVERIFY(fixture.well.contains(QStringLiteral("vllm-local: its wake recipe /bin/true can be run.")));
    QCOMPARE(fixture.failed, QStringList{QStringLiteral("vllm-local: its sleep recipe %1 is not an executable file.")
                                             .arg(fixture.settings.keyFile)});
}

QTEST_GUILESS_MAIN(TestSelfCheck)
#include "tst_selfcheck.moc"
