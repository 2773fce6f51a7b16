#include "setupchoices.h"

#include <QTest>

using namespace hearth;
using namespace hearth::setup;
using draft::ConfigDraft;

class TestSetupChoices final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setsTheServer();
    void readsPublishAsThePublisherDoes();
    void knowsBackends();
    void addsModels();
    void keepsWhatIsNotAsked();
    void withdrawsModels();
    void renamesModels();
    void copiesWakeRecipes();
};

namespace {

ConfigDraft draftOf(const QByteArray &text)
{
    const Result<ConfigDraft> draft = ConfigDraft::fromText(text, QStringLiteral("publisher.yaml"));
    if (!draft)
        qFatal("%s", qPrintable(draft.error().message));
    return *draft;
}

ModelChoice choice(const char *model, bool isPublished = true, const char *entry = "")
{
    return {.url = QStringLiteral("http://127.0.0.1:8000/v1"),
            .model = QString::fromLatin1(model),
            .name = QString::fromLatin1(model),
            .isPublished = isPublished,
            .entry = QString::fromLatin1(entry)};
}

constexpr char twoModels[] = "# My box\n"
                             "server: https://hearth.example.org\n"
                             "llms:\n"
                             "  - name: qwen # the good one\n"
                             "    url: http://127.0.0.1:8000/v1\n"
                             "    model: Qwen/Qwen2.5-7B\n"
                             "    publish: true\n"
                             "    tier: heavy\n"
                             "  - name: tiny\n"
                             "    url: http://127.0.0.1:8000/v1\n";

} // namespace

void TestSetupChoices::setsTheServer()
{
    ConfigDraft draft = draftOf("server: https://old.example.org # soon to go\ncaFile: /etc/old.pem\nname: box\n");
    setServer(draft, QUrl(QStringLiteral("https://new.example.org")), {});
    QCOMPARE(draft.scalar(QStringLiteral("server")), QStringLiteral("https://new.example.org"));
    QVERIFY(!draft.scalar(QStringLiteral("caFile")));
    QCOMPARE(draft.scalar(QStringLiteral("name")), QStringLiteral("box"));
    setServer(draft, QUrl(QStringLiteral("https://new.example.org")), QStringLiteral("/etc/new.pem"));
    QCOMPARE(draft.scalar(QStringLiteral("caFile")), QStringLiteral("/etc/new.pem"));
    const QByteArray before = draft.text();
    setServer(draft, QUrl(QStringLiteral("https://new.example.org")), QStringLiteral("/etc/new.pem"));
    QCOMPARE(draft.text(), before);
}

void TestSetupChoices::readsPublishAsThePublisherDoes()
{
    const ConfigDraft base = draftOf("llms:\n  - name: qwen\n    url: http://127.0.0.1:8000/v1\n    publish: True\n");
    std::vector<ModelChoice> choices = modelsOf(base);
    QVERIFY(choices[0].isPublished);
    choices[0].isPublished = false;
    ConfigDraft draft = base;
    setModels(draft, base, choices);
    QCOMPARE(draft.scalar(QStringLiteral("llms[0].publish")), QStringLiteral("false"));
}

void TestSetupChoices::knowsBackends()
{
    const ConfigDraft draft = draftOf("llms:\n"
                                      "  - name: a\n    url: http://localhost:8000/v1/\n"
                                      "  - name: b\n    url: https://gpu/v1\n"
                                      "  - name: c\n    url: http://127.0.0.1:8000/v1\n    apiKeyFile: /c.key\n");
    const std::vector<KnownBackend> backends = backendsOf(draft);
    QCOMPARE(backends.size(), 2u);
    QCOMPARE(backends[0].url, QStringLiteral("http://localhost:8000/v1/"));
    QCOMPARE(backends[0].apiKeyFile, QStringLiteral("/c.key"));
    QCOMPARE(backendAt(backends[1].url), backendAt(QStringLiteral("https://gpu:443/v1/")));
    QVERIFY(backendAt(QStringLiteral("http://gpu/v1")) != backendAt(backends[1].url));
}

void TestSetupChoices::addsModels()
{
    ConfigDraft draft;
    setModels(draft, {}, {choice("a"), choice("b", false), choice("c")});
    const std::vector<ModelChoice> models = modelsOf(draft);
    QCOMPARE(models.size(), 2u);
    QCOMPARE(models[0], choice("a", true, "a"));
    QCOMPARE(models[1], choice("c", true, "c"));
}

void TestSetupChoices::keepsWhatIsNotAsked()
{
    const ConfigDraft base = draftOf(twoModels);
    ConfigDraft draft = base;
    setModels(draft, base, modelsOf(base));
    QCOMPARE(draft.text(), base.text());

    std::vector<ModelChoice> choices = modelsOf(base);
    choices[1].isPublished = true;
    choices[1].maxConcurrency = 2;
    setModels(draft, base, choices);
    QCOMPARE(modelsOf(draft), choices);
    QVERIFY(draft.text().startsWith("# My box\n"));
    QVERIFY(draft.text().contains("# the good one"));
    QCOMPARE(draft.scalar(QStringLiteral("llms[0].tier")), QStringLiteral("heavy"));
}

void TestSetupChoices::withdrawsModels()
{
    const ConfigDraft base = draftOf(twoModels);
    ConfigDraft draft = base;
    std::vector<ModelChoice> choices = modelsOf(base);
    choices.push_back(choice("new"));
    setModels(draft, base, choices);
    QCOMPARE(draft.entryCount(QStringLiteral("llms")), 3);

    // Back, and everything unticked: what was in the file stays there, what the wizard has added goes.
    choices = modelsOf(draft);
    for (ModelChoice &model : choices)
        model.isPublished = false;
    setModels(draft, base, choices);
    QCOMPARE(draft.entryCount(QStringLiteral("llms")), 2);
    QCOMPARE(draft.scalar(QStringLiteral("llms[0].publish")), QStringLiteral("false"));
    QVERIFY(!draft.scalar(QStringLiteral("llms[1].publish")));
}

void TestSetupChoices::renamesModels()
{
    const ConfigDraft base = draftOf(twoModels);
    ConfigDraft draft = base;
    std::vector<ModelChoice> choices = modelsOf(base);
    choices[0].name = QStringLiteral("better");
    setModels(draft, base, choices);
    QCOMPARE(draft.scalar(QStringLiteral("llms[0].name")), QStringLiteral("better"));
    QCOMPARE(draft.entryCount(QStringLiteral("llms")), 2);
}

void TestSetupChoices::copiesWakeRecipes()
{
    ConfigDraft draft = draftOf(twoModels);
    const QString from = QStringLiteral("llms[0]");
    const QString to = QStringLiteral("llms[1]");
    draft.setText(from + QStringLiteral(".wake.type"), QStringLiteral("command"));
    draft.setText(from + QStringLiteral(".wake.command"), QStringLiteral("/usr/local/bin/start"));
    draft.setList(from + QStringLiteral(".wake.args"), {QStringLiteral("--fast"), QStringLiteral("two words")});
    draft.setText(to + QStringLiteral(".wake.type"), QStringLiteral("http"));
    draft.setText(to + QStringLiteral(".wake.url"), QStringLiteral("http://10.0.0.1/wake"));
    copyWakeRecipe(draft, to, ConfigDraft(draft), from);
    QCOMPARE(draft.scalar(to + QStringLiteral(".wake.command")), QStringLiteral("/usr/local/bin/start"));
    QCOMPARE(draft.list(to + QStringLiteral(".wake.args")), draft.list(from + QStringLiteral(".wake.args")));
    QVERIFY(!draft.scalar(to + QStringLiteral(".wake.url")));
    QCOMPARE(draft.scalar(to + QStringLiteral(".name")), QStringLiteral("tiny"));

    draft.remove(from + QStringLiteral(".wake"));
    copyWakeRecipe(draft, to, ConfigDraft(draft), from);
    QVERIFY(!draft.hasSection(to + QStringLiteral(".wake")));
}

QTEST_GUILESS_MAIN(TestSetupChoices)

#include "tst_setupchoices.moc"
