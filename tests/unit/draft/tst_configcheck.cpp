#include "configcheck.h"
#include "configdraft.h"

#include <QTest>

using namespace hearth;
using namespace hearth::draft;

namespace {

const QString file = QStringLiteral("p.yaml");

QStringList problemsOf(const QByteArray &text, const QProcessEnvironment &environment = {})
{
    const ConfigVerdict verdict = checkConfig(text, file, environment);
    QStringList lines;
    for (const ConfigProblem &problem : verdict.problems)
        lines.append(problem.toString());
    if (verdict.meaning.has_value() != lines.isEmpty())
        lines.append(QStringLiteral("A verdict has a meaning or problems, and never both."));
    return lines;
}

} // namespace

class TestConfigCheck final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatItMeans();
    void namesKeys();
    void judgesFormAndMeaningAtOnce();
    void complainsOncePerKey();
    void doesNotJudgeWhatIsNoYaml_data();
    void doesNotJudgeWhatIsNoYaml();
    void heedsTheEnvironment();
    void keyStroke();
};

void TestConfigCheck::saysWhatItMeans()
{
    const ConfigVerdict verdict = checkConfig("keyStore: keyring\n"
                                              "logLevel: debug\n"
                                              "llms:\n"
                                              "  - {name: a, url: 'http://127.0.0.1:8000/v1', publish: true}\n"
                                              "desktop: {closeToTray: false}\n",
                                              file, {});
    QVERIFY(verdict.problems.isEmpty());
    QVERIFY(verdict.meaning);
    QCOMPARE(verdict.meaning->publisher.llms.size(), size_t(1));
    QVERIFY(verdict.meaning->publisher.keyStore == publisher::KeyStore::Keyring);
    QVERIFY(!verdict.meaning->publisher.stateFile.isEmpty());
    QVERIFY(!verdict.meaning->desktop.closeToTray);
    QCOMPARE(verdict.meaning->logLevel, QStringLiteral("debug"));
}

void TestConfigCheck::namesKeys()
{
    const ConfigVerdict verdict = checkConfig("keyStore: keyring\n"
                                              "llms:\n"
                                              "  - {name: a, url: 'http://h'}\n"
                                              "  - name: b\n"
                                              "    url: http://h\n"
                                              "    wake:\n"
                                              "      type: http\n"
                                              "      url: nonsense\n"
                                              "agents:\n"
                                              "  - {name: a, llm: a}\n",
                                              file, {});
    const ConfigProblem wake{QStringLiteral("p.yaml:8"), QStringLiteral("llms[1].wake.url"),
                             QStringLiteral("must be a URL that begins with http:// or https://")};
    QVERIFY(verdict.problems.contains(wake));
    QVERIFY(verdict.problems.contains(ConfigProblem{QStringLiteral("p.yaml:10"), QStringLiteral("agents[0].name"),
                                                    QStringLiteral("\"a\" is the name of another entry")}));
}

void TestConfigCheck::judgesFormAndMeaningAtOnce()
{
    QCOMPARE(problemsOf("keyStore: keyring\n"
                        "server: nonsense\n"
                        "watchIntervalSeconds: often\n"
                        "desktop: {pause: {schedule: [never]}}\n")
                 .size(),
             3);
}

void TestConfigCheck::complainsOncePerKey()
{
    QCOMPARE(problemsOf("keyStore: keyring\n"
                        "llms:\n"
                        "  - {wake: {command: x}}\n"),
             (QStringList{QStringLiteral("p.yaml:3: llms[0].name: is required"),
                          QStringLiteral("p.yaml:3: llms[0].url: is required"),
                          QStringLiteral("p.yaml:3: llms[0].wake.type: is required")}));
}

void TestConfigCheck::doesNotJudgeWhatIsNoYaml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("syntax") << QByteArray("a: [1\n") << QStringLiteral("p.yaml:2:1: end of sequence flow not found");
    QTest::newRow("list") << QByteArray("- a\n") << QStringLiteral("p.yaml:1: must be a map of settings");
    QTest::newRow("bytes") << QByteArray("a: \xff\n") << QStringLiteral("p.yaml: is not UTF-8 text");
}

void TestConfigCheck::doesNotJudgeWhatIsNoYaml()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, problem);
    QCOMPARE(problemsOf(text), QStringList{problem});
}

void TestConfigCheck::heedsTheEnvironment()
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("HEARTH_KEYSTORE"), QStringLiteral("keyring"));
    environment.insert(QStringLiteral("HEARTH_NAME"), QStringLiteral("box"));
    QCOMPARE(checkConfig("name: other\n", file, environment).meaning.value().publisher.name, QStringLiteral("box"));
    environment.insert(QStringLiteral("HEARTH_SERVER"), QStringLiteral("nonsense"));
    QCOMPARE(problemsOf("name: other\n", environment),
             QStringList{QStringLiteral("environment HEARTH_SERVER: server: must be a URL that begins with http:// or "
                                        "https://")});
}

void TestConfigCheck::keyStroke()
{
    // What the settings dialog does with each one, in a file of a thousand lines.
    QByteArray text("keyStore: keyring\nllms:\n");
    for (int i = 0; i < 125; ++i) {
        text += "  # Number " + QByteArray::number(i) + "\n  - name: llm-" + QByteArray::number(i) +
                "\n    url: http://127.0.0.1:8000/v1\n    description: One of many\n    maxConcurrency: 4\n"
                "    publish: true\n    probe: {path: /health}\n    tier: fast\n";
    }
    ConfigDraft draft = ConfigDraft::fromText(text, file).value();
    QString typed;
    QBENCHMARK
    {
        typed += u'x';
        draft.setText(QStringLiteral("llms[60].description"), typed);
        const ConfigVerdict verdict = checkConfig(draft.text(), file, {});
        QCOMPARE(verdict.meaning.value().publisher.llms[60].description, typed);
    }
}

QTEST_APPLESS_MAIN(TestConfigCheck)
#include "tst_configcheck.moc"
