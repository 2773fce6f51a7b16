// SetupDialog with a scripted person, a real hearthd and backends that the test plays.

#include "scriptedterminal.h"
#include "setupdialog.h"
#include "stack.h"
#include "webstub.h"

#include <QTest>

using namespace hearth;
using namespace hearth::headless;
using testsupport::Stack;

class TestSetupDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void asksForEverything();
    void takesDefaults();
    void asksNothingThatWasGiven();
    void asksNobody_data();
    void asksNobody();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void takesTheKeyFromTheInput();
    void asksAgainForTheKey();
    void asksAgainForTheServer();
    void asksAgainForWhatNoConfigurationTakes();
    void asksForNoKeyInPlaceOfTheFile();
    void failsAtOnceWhereNobodyCanMendIt_data();
    void failsAtOnceWhereNobodyCanMendIt();
    void asksForABackend();
    void asksBackendsByTheirAddresses();
    void asksAgainForModels();
    void publishesNothingByAccident_data();
    void publishesNothingByAccident();

private:
    QString keyFile() const { return m_stack->path(QStringLiteral("publisher.key")); }

    /// Everything is given.
    SetupOptions allOptions() const;

    QString serverText() const { return m_stack->serverUrl().toString(); }

    /// Runs a dialog of the terminal to its end; nothing when there is none.
    std::optional<Result<SetupAnswers>> run(const SetupOptions &options = {});
    QStringList namesAfter(const SetupOptions &options);

    std::unique_ptr<Stack> m_stack;
    std::unique_ptr<ScriptedTerminal> m_terminal;
    std::vector<quint16> m_ports;
};

namespace {

WebStub::Answer models(const QByteArray &first, const QByteArray &second)
{
    return [=](const QByteArray &) {
        return WebStub::http(200, R"({"data":[{"id":")" + first + R"("},{"id":")" + second + R"("}]})");
    };
}

/// On which nobody listens: of a server that has just ended.
QString deadAddress()
{
    return WebStub(models("a", "b")).authority();
}

} // namespace

void TestSetupDialog::initTestCase()
{
    m_stack = std::make_unique<Stack>();
    QVERIFY2(m_stack->makeKeys() && m_stack->startServer(), m_stack->logTails().constData());
    QFile file(keyFile());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_stack->key("publisher") + '\n') > 0);
}

void TestSetupDialog::init()
{
    m_terminal = std::make_unique<ScriptedTerminal>();
    m_ports.clear();
}

SetupOptions TestSetupDialog::allOptions() const
{
    return {.server = serverText(),
            .keyFile = keyFile(),
            .name = QStringLiteral("box"),
            .models = {QStringLiteral("qwen")}};
}

std::optional<Result<SetupAnswers>> TestSetupDialog::run(const SetupOptions &options)
{
    SystemClock clock;
    httpclient::HttpClient client({}, clock);
    std::optional<Result<SetupAnswers>> outcome;
    SetupDialog dialog(options, *m_terminal, client, clock, m_ports);
    QObject::connect(&dialog, &SetupDialog::finished, &dialog,
                     [&outcome](const Result<SetupAnswers> &answers) { outcome = answers; });
    dialog.start();
    [[maybe_unused]] const bool hasEnded = QTest::qWaitFor([&outcome] { return outcome.has_value(); }, 10'000);
    return outcome;
}

QStringList TestSetupDialog::namesAfter(const SetupOptions &options)
{
    const auto outcome = run(options);
    QStringList names;
    if (outcome && *outcome) {
        for (const OfferedModel &model : outcome->value().models)
            names.append(model.name);
    }
    return names;
}

void TestSetupDialog::asksForEverything()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->answers = {serverText() + u'/', QStringLiteral("2"), QStringLiteral("gpu box")};
    m_terminal->secrets = {m_stack->key("publisher")};
    const auto outcome = run();
    QVERIFY(outcome);
    QVERIFY2(*outcome, qPrintable(m_terminal->text()));
    const SetupAnswers answers = outcome->value();
    QCOMPARE(answers.server, m_stack->serverUrl());
    QCOMPARE(answers.key, m_stack->key("publisher"));
    QCOMPARE(answers.name, QStringLiteral("gpu box"));
    QCOMPARE(answers.models.size(), size_t(1));
    QCOMPARE(answers.models[0].name, QStringLiteral("llama"));
    QCOMPARE(answers.models[0].url, backend.url().toString() + QStringLiteral("/v1"));
    QCOMPARE(m_terminal->questions.size(), 4);
    QVERIFY(m_terminal->text().contains(QStringLiteral("takes this key")));
    QVERIFY(!m_terminal->text().contains(QString::fromLatin1(m_stack->key("publisher"))));
}

void TestSetupDialog::takesDefaults()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    SetupOptions options = allOptions();
    options.name.clear();
    m_terminal->answers = {QString()};
    const auto outcome = run(options);
    QVERIFY(outcome && *outcome);
    QCOMPARE(outcome->value().name, QSysInfo::machineHostName());
    QVERIFY(m_terminal->questions.constFirst().contains(QSysInfo::machineHostName()));
}

void TestSetupDialog::asksNothingThatWasGiven()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    QCOMPARE(namesAfter(allOptions()), QStringList(QStringLiteral("qwen")));
    QCOMPARE(m_terminal->questions, QStringList());
}

void TestSetupDialog::asksNobody_data()
{
    QTest::addColumn<bool>("isPerson");
    QTest::addColumn<bool>("isSilent");
    QTest::newRow("--yes") << true << true;
    QTest::newRow("no terminal") << false << false;
}

void TestSetupDialog::asksNobody()
{
    QFETCH(bool, isPerson);
    QFETCH(bool, isSilent);
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->isPerson = isPerson;
    SetupOptions options = allOptions();
    options.name.clear();
    options.isSilent = isSilent;
    QCOMPARE(namesAfter(options), QStringList(QStringLiteral("qwen")));
    QCOMPARE(m_terminal->questions, QStringList());
}

void TestSetupDialog::saysWhatIsMissing_data()
{
    QTest::addColumn<bool>("isPerson");
    QTest::addColumn<QStringList>("models");
    QTest::addColumn<QString>("words");
    const QStringList some{QStringLiteral("all")};
    QTest::newRow("key") << true << some << QStringLiteral("with --yes, so this has to be given: --key-file FILE.");
    QTest::newRow("key and models") << true << QStringList()
                                    << QStringLiteral("given: --key-file FILE and --publish MODEL.");
    QTest::newRow("the key can come from the input")
        << false << QStringList() << QStringLiteral("given: --publish MODEL.");
    QTest::newRow("the input has no key") << false << some << QStringLiteral("There is no key");
}

void TestSetupDialog::saysWhatIsMissing()
{
    QFETCH(bool, isPerson);
    QFETCH(QStringList, models);
    QFETCH(QString, words);
    m_terminal->isPerson = isPerson;
    const auto outcome = run({.server = serverText(), .models = models, .isSilent = true});
    QVERIFY(outcome && !*outcome);
    QVERIFY(outcome->error().code == ErrorCode::Configuration);
    QVERIFY2(outcome->error().message.contains(words), qPrintable(outcome->error().message));
}

void TestSetupDialog::takesTheKeyFromTheInput()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->isPerson = false;
    m_terminal->secrets = {m_stack->key("publisher")};
    SetupOptions options = allOptions();
    options.keyFile.clear();
    const auto outcome = run(options);
    QVERIFY(outcome && *outcome);
    QCOMPARE(outcome->value().key, m_stack->key("publisher"));
    // Nobody is to wonder what it waits for.
    QCOMPARE(m_terminal->notes.size(), 1);
    QVERIFY(m_terminal->notes.constFirst().contains(QStringLiteral("--key-file")));
}

void TestSetupDialog::asksAgainForTheKey()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->secrets = {"", m_stack->key("client"), "hk_unknown", m_stack->key("publisher")};
    SetupOptions options = allOptions();
    options.keyFile.clear();
    const auto outcome = run(options);
    QVERIFY(outcome && *outcome);
    QCOMPARE(outcome->value().key, m_stack->key("publisher"));
    QVERIFY(m_terminal->text().contains(QStringLiteral("may not publish")));
    QVERIFY(m_terminal->text().contains(QStringLiteral("does not know this key")));
    QCOMPARE(m_terminal->questions.size(), 4);
}

void TestSetupDialog::asksAgainForTheServer()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->answers = {QStringLiteral("no address at all"), serverText()};
    SetupOptions options = allOptions();
    options.server = deadAddress();
    const auto outcome = run(options);
    QVERIFY(outcome && *outcome);
    QCOMPARE(outcome->value().server, m_stack->serverUrl());
    QVERIFY(m_terminal->text().contains(QStringLiteral("no server on port")));
    // The key was right all the time.
    QCOMPARE(m_terminal->questions.size(), 2);
}

void TestSetupDialog::asksAgainForWhatNoConfigurationTakes()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    m_terminal->answers = {QStringLiteral("hearth/?x=1"), serverText(), QString(129, u'x'), QStringLiteral("box")};
    SetupOptions options = allOptions();
    options.server = QStringLiteral("http://u:pw@127.0.0.1:4327");
    options.name = QString(200, u'x');
    const auto outcome = run(options);
    QVERIFY(outcome && *outcome);
    QCOMPARE(outcome->value().server, m_stack->serverUrl());
    QCOMPARE(outcome->value().name, QStringLiteral("box"));
    QCOMPARE(m_terminal->said.filter(QStringLiteral("The server must not contain a user")).size(), 2);
    QCOMPARE(m_terminal->said.filter(QStringLiteral("The name must be 1 to 128")).size(), 2);
}

void TestSetupDialog::asksForNoKeyInPlaceOfTheFile()
{
    SetupOptions options = allOptions();
    options.keyFile = m_stack->path(QStringLiteral("stale.key"));
    QFile file(options.keyFile);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("hk_stale\n") > 0);
    file.close();
    m_terminal->secrets = {m_stack->key("publisher")};
    const auto outcome = run(options);
    QVERIFY(outcome && !*outcome);
    const QString said = outcome->error().message;
    QVERIFY2(said.contains(u"does not know this key") && said.contains(options.keyFile), qPrintable(said));
    QCOMPARE(m_terminal->questions, QStringList());
}

void TestSetupDialog::failsAtOnceWhereNobodyCanMendIt_data()
{
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<QString>("words");
    QTest::newRow("server") << QByteArray("server") << QStringLiteral("no server on port");
    QTest::newRow("key file") << QByteArray("keyFile") << QStringLiteral("cannot be read");
    QTest::newRow("key") << QByteArray("key") << QStringLiteral("may not publish");
    QTest::newRow("password in the address") << QByteArray("password") << QStringLiteral("--server must not contain");
    QTest::newRow("name") << QByteArray("name") << QStringLiteral("--name must be 1 to 128 characters long.");
    QTest::newRow("certificates") << QByteArray("caFile") << QStringLiteral("no certificate in /nope.pem");
    QTest::newRow("no backend") << QByteArray("ports") << QStringLiteral("--backend");
    QTest::newRow("backend") << QByteArray("backend") << QStringLiteral("Start the backend");
    QTest::newRow("model") << QByteArray("model") << QStringLiteral("No backend has a model mistral");
}

void TestSetupDialog::failsAtOnceWhereNobodyCanMendIt()
{
    QFETCH(QByteArray, fault);
    QFETCH(QString, words);
    const WebStub backend(models("qwen", "llama"));
    SetupOptions options = allOptions();
    options.isSilent = true;
    if (fault != "ports")
        m_ports = {backend.port()};
    if (fault == "server")
        options.server = deadAddress();
    if (fault == "keyFile")
        options.keyFile += QStringLiteral(".not");
    if (fault == "password")
        options.server = QStringLiteral("http://u:pw@127.0.0.1:4327");
    if (fault == "name")
        options.name = QString(200, u'x');
    if (fault == "caFile")
        options.caFile = QStringLiteral("/nope.pem");
    if (fault == "backend")
        options.backends = {deadAddress()};
    if (fault == "model")
        options.models = {QStringLiteral("mistral")};
    if (fault == "key") {
        options.keyFile.clear();
        m_terminal->isPerson = false;
        m_terminal->secrets = {m_stack->key("client")};
    }
    const auto outcome = run(options);
    QVERIFY(outcome && !*outcome);
    QVERIFY2(outcome->error().message.contains(words), qPrintable(outcome->error().message));
    QVERIFY(m_terminal->questions.size() <= 1 && m_terminal->answers.isEmpty());
}

void TestSetupDialog::asksForABackend()
{
    const WebStub backend(models("qwen", "llama"));
    m_terminal->answers = {deadAddress(), backend.authority()};
    QCOMPARE(namesAfter(allOptions()), QStringList(QStringLiteral("qwen")));
    QVERIFY(m_terminal->text().contains(QStringLiteral("No backend answers on the usual ports")));
    QVERIFY(m_terminal->text().contains(QStringLiteral("Start the backend, or correct the address")));
}

void TestSetupDialog::asksBackendsByTheirAddresses()
{
    const WebStub first(models("qwen", "llama"));
    const WebStub second(models("qwen", "mistral"));
    const WebStub unasked(models("other", "models"));
    m_ports = {unasked.port()};
    SetupOptions options = allOptions();
    options.models = {QStringLiteral("all")};
    options.backends = {first.authority(), second.url().toString(), first.url().toString()};
    QStringList names = namesAfter(options);
    names.sort();
    QCOMPARE(names, QStringList({QStringLiteral("llama"), QStringLiteral("mistral"), QStringLiteral("qwen"),
                                 QStringLiteral("qwen-2")}));
    QVERIFY(unasked.heads.isEmpty());
}

void TestSetupDialog::asksAgainForModels()
{
    const WebStub backend(models("qwen", "llama"));
    m_ports = {backend.port()};
    SetupOptions options = allOptions();
    options.models = {QStringLiteral("mistral")};
    m_terminal->answers = {QStringLiteral("7"), QStringLiteral("1,2")};
    QCOMPARE(namesAfter(options), QStringList({QStringLiteral("qwen"), QStringLiteral("llama")}));
    QVERIFY(m_terminal->text().contains(QStringLiteral("No backend has a model mistral")));
    QVERIFY(m_terminal->text().contains(QStringLiteral("7 is no number")));
}

void TestSetupDialog::publishesNothingByAccident_data()
{
    QTest::addColumn<bool>("hasBackend");
    QTest::addColumn<QStringList>("answers");
    QTest::newRow("no model is chosen") << true << QStringList(QString());
    QTest::newRow("no backend is named") << false << QStringList(QString());
    QTest::newRow("the input ends") << true << QStringList();
}

void TestSetupDialog::publishesNothingByAccident()
{
    QFETCH(bool, hasBackend);
    QFETCH(QStringList, answers);
    const WebStub backend(models("qwen", "llama"));
    if (hasBackend)
        m_ports = {backend.port()};
    SetupOptions options = allOptions();
    options.models.clear();
    m_terminal->answers = answers;
    const auto outcome = run(options);
    QVERIFY(outcome && !*outcome);
    QVERIFY(outcome->error().code != ErrorCode::Configuration);
    QCOMPARE(m_terminal->questions.size(), 1);
}

QTEST_GUILESS_MAIN(TestSetupDialog)
#include "tst_setupdialog.moc"
