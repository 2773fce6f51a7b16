// The wizard of the tray app, from no configuration at all to a published model, through its pages alone.

#include "field.h"
#include "traytest.h"
#include "wizarddriver.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using setup::SetupWizard;

namespace {

const QString modelName = QString::fromLatin1(Stack::modelName);
const QString llmName = QString::fromLatin1(Stack::llmName);

} // namespace

class TestTraySetup final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void badServersAreToldInWords_data();
    void badServersAreToldInWords();
    void nothingIsTickedAtFirst();
    void wakeRecipeIsTried();
    void publishes_data();
    void publishes();
    void liveTestAnswers();
    void cancelLeavesNothingBehind_data();
    void cancelLeavesNothingBehind();

private:
    /// Starts the app without a configuration, which opens the wizard.
    bool openWizard(const StackSettings &settings = {});
    /// Goes on to this page, filling in what the ones before it want.
    bool reach(SetupWizard::Page page);
    bool fillIn(SetupWizard::Page page);
    void click(QWizard::WizardButton button);
    bool isWaitingFor(const char *note, const QString &words);
    /// What the wizard has written about the only model.
    std::optional<QString> inFile(const QString &key);

    /// The input of a setting of the only model's wake recipe.
    template <typename Input>
    Input &recipeInput(const char *key)
    {
        const QByteArray path = QByteArray("llms[0].wake.") + key;
        return *qobject_cast<Input *>(m_driver.input<fields::Field>(path).input());
    }

    WizardDriver m_driver;
};

bool TestTraySetup::openWizard(const StackSettings &settings)
{
    if (!startServerSide(settings))
        return false;
    m_backendPorts = {static_cast<quint16>(m_stack->backendUrl().port())};
    makeApp();
    QFile::remove(m_autostart->file());
    m_app->start();
    if (!m_app->wizard())
        return false;
    m_driver.drive(*m_app->wizard());
    return true;
}

bool TestTraySetup::reach(SetupWizard::Page page)
{
    while (m_app->wizard()->currentId() < page) {
        if (!fillIn(SetupWizard::Page(m_app->wizard()->currentId())) || !m_driver.next())
            return false;
    }
    return true;
}

bool TestTraySetup::fillIn(SetupWizard::Page page)
{
    if (page == SetupWizard::Server)
        m_driver.typeServer(m_stack->serverUrl(), m_stack->key("publisher"));
    if (page != SetupWizard::Models)
        return true;
    if (!m_driver.waitForModel(modelName))
        return false;
    m_driver.tick(modelName);
    m_driver.rename(modelName, llmName);
    return true;
}

void TestTraySetup::click(QWizard::WizardButton button)
{
    QTest::mouseClick(m_app->wizard()->button(button), Qt::LeftButton);
}

bool TestTraySetup::isWaitingFor(const char *note, const QString &words)
{
    return QTest::qWaitFor([&] { return m_driver.note(note).contains(words); },
                           static_cast<int>(Program::patience.count()));
}

std::optional<QString> TestTraySetup::inFile(const QString &key)
{
    return m_app->host().draft().value().scalar(key);
}

void TestTraySetup::badServersAreToldInWords_data()
{
    QTest::addColumn<bool>("isServer");
    QTest::addColumn<QByteArray>("keyName");
    QTest::addColumn<QString>("words");
    QTest::newRow("another web server") << false << QByteArray("publisher") << QStringLiteral("it is no Hearth server");
    QTest::newRow("unknown key") << true << QByteArray() << QStringLiteral("The server does not know this key");
    QTest::newRow("key that may not publish")
        << true << QByteArray("client") << QStringLiteral("it may not publish. Ask for one with the scope \"publish\"");
}

void TestTraySetup::badServersAreToldInWords()
{
    QFETCH(const bool, isServer);
    QFETCH(const QByteArray, keyName);
    QFETCH(const QString, words);
    QVERIFY(openWizard());
    QVERIFY(reach(SetupWizard::Server));
    m_driver.typeServer(isServer ? m_stack->serverUrl() : m_stack->backendUrl(),
                        keyName.isEmpty() ? QByteArray("hk_") + QByteArray(43, '0') : m_stack->key(keyName));
    QVERIFY2(isWaitingFor("result", words), qPrintable(m_driver.note("result")));
    QVERIFY(!m_app->wizard()->button(QWizard::NextButton)->isEnabled());
    QVERIFY(!m_driver.missing().isEmpty());

    m_driver.typeServer(m_stack->serverUrl(), m_stack->key("publisher"));
    QVERIFY2(isWaitingFor("result", QStringLiteral("The server takes this key")), qPrintable(m_driver.note("result")));
    QVERIFY(m_driver.missing().isEmpty());
    QVERIFY(m_driver.next());
}

void TestTraySetup::nothingIsTickedAtFirst()
{
    QVERIFY(openWizard());
    QVERIFY(reach(SetupWizard::Models));
    QVERIFY(m_driver.waitForModel(modelName));
    QVERIFY(!m_driver.isTicked(modelName));
    QVERIFY(!m_app->wizard()->button(QWizard::NextButton)->isEnabled());
    QCOMPARE(m_driver.missing(), QStringLiteral("Tick at least one model."));
    m_driver.tick(modelName);
    QVERIFY(m_app->wizard()->button(QWizard::NextButton)->isEnabled());
    m_driver.tick(modelName, false);
    QVERIFY(!m_app->wizard()->button(QWizard::NextButton)->isEnabled());
}

void TestTraySetup::wakeRecipeIsTried()
{
    QVERIFY(openWizard({.recipes = {.wake = WakeType::Background}}));
    QVERIFY(reach(SetupWizard::Wake));
    m_stack->backend().kill();
    QTest::keyClick(&recipeInput<QComboBox>("type"), Qt::Key_Down);
    QVERIFY(isWaitingFor("missing", QStringLiteral("is not complete")));
    QVERIFY(!m_app->wizard()->button(QWizard::NextButton)->isEnabled());
    QTest::keyClicks(&recipeInput<QLineEdit>("command"), m_stack->path(QStringLiteral("wake.sh")));
    QTest::mouseClick(&m_driver.input<QPushButton>("wake.try"), Qt::LeftButton);
    QVERIFY2(isWaitingFor("wake.outcome", QStringLiteral("The backend has woken up.")),
             qPrintable(m_driver.note("wake.outcome")));
    QCOMPARE(m_stack->wakeRuns(), 1);

    // It is tried once more by a request, the whole way.
    QVERIFY(reach(SetupWizard::LiveTest));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    ::kill(static_cast<pid_t>(m_stack->recipes().backendPid()), SIGKILL);
    QVERIFY(m_stack->waitUntilLlmIs("hibernating"));
    const auto call = m_stack->call(m_stack->chat());
    QVERIFY(call->waitForEnd());
    QVERIFY2(call->saysDone(), call->body().constData());
    QCOMPARE(m_stack->wakeRuns(), 2);
}

void TestTraySetup::publishes_data()
{
    QTest::addColumn<bool>("hasKeyring");
    QTest::addColumn<bool>("startsAtLogin");
    QTest::newRow("keyring") << true << false;
    QTest::newRow("no keyring, started at login") << false << true;
}

void TestTraySetup::publishes()
{
    QFETCH(const bool, hasKeyring);
    QFETCH(const bool, startsAtLogin);
    m_keys.state = hasKeyring ? MemoryKeyStore::State::Open : MemoryKeyStore::State::Missing;
    QVERIFY(openWizard());
    QVERIFY(reach(SetupWizard::Server));
    const QString keyPlace = hasKeyring ? QStringLiteral("in the keyring") : QStringLiteral("has no keyring");
    QTRY_VERIFY(m_driver.input<QLabel>("keyPlace").text().contains(keyPlace));
    QVERIFY(reach(SetupWizard::Autostart));
    QVERIFY(!m_driver.input<QCheckBox>("autostart").isChecked());
    if (startsAtLogin)
        m_driver.input<QCheckBox>("autostart").click();
    QVERIFY(reach(SetupWizard::Summary));
    // Nothing has happened so far.
    QVERIFY(!QFile::exists(configFile()));
    QVERIFY(!QFile::exists(m_autostart->file()));
    QVERIFY(m_driver.next());

    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QCOMPARE(m_autostart->isEnabled(), startsAtLogin);
    QCOMPARE(QFile::exists(m_autostart->file()), startsAtLogin);
    QCOMPARE(inFile(QStringLiteral("server")), m_stack->serverUrl().toString());
    QCOMPARE(inFile(QStringLiteral("llms[0].name")), llmName);
    QCOMPARE(inFile(QStringLiteral("llms[0].model")), modelName);
    QCOMPARE(inFile(QStringLiteral("llms[0].publish")), QStringLiteral("true"));
    QVERIFY(!fileText().contains(m_stack->key("publisher")));
    if (hasKeyring) {
        QCOMPARE(inFile(QStringLiteral("keyStore")), QStringLiteral("keyring"));
        QCOMPARE(m_keys.keys.value(platform::keyEntry(configFile())), m_stack->key("publisher"));
        QCOMPARE(m_driver.note("notice"), QStringLiteral("The key is in the keyring of your desktop."));
        return;
    }
    QFile keyFile(inFile(QStringLiteral("keyFile")).value());
    QVERIFY(keyFile.open(QIODevice::ReadOnly));
    QCOMPARE(keyFile.readAll().trimmed(), m_stack->key("publisher"));
    QVERIFY(!(keyFile.permissions() & ~(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser)));
    QVERIFY2(m_driver.note("notice").contains(keyFile.fileName() + QStringLiteral(", which only you can read")),
             qPrintable(m_driver.note("notice")));
}

void TestTraySetup::liveTestAnswers()
{
    QVERIFY(openWizard());
    QVERIFY(reach(SetupWizard::LiveTest));
    QVERIFY2(isWaitingFor("result", QStringLiteral("may publish but not send requests")),
             qPrintable(m_driver.note("result")));
    QVERIFY(!m_driver.input<QPlainTextEdit>("answer").isVisible());
    m_driver.type("inferKey", QString::fromLatin1(m_stack->key("client")));
    QTest::mouseClick(&m_driver.input<QPushButton>("send"), Qt::LeftButton);
    QVERIFY2(isWaitingFor("result", QStringLiteral("It works")), qPrintable(m_driver.note("result")));
    QVERIFY(m_driver.input<QPlainTextEdit>("answer").isVisible());
    QVERIFY(!m_driver.input<QPlainTextEdit>("answer").toPlainText().isEmpty());

    // What is there to be copied works in a terminal.
    QProcessEnvironment environment = cleanEnvironment(m_stack->path({}));
    environment.insert(QStringLiteral("HEARTH_API_KEY"), QString::fromLatin1(m_stack->key("client")));
    const Program shell(QStringLiteral("/bin/sh"),
                        {QStringLiteral("-c"), m_driver.input<QPlainTextEdit>("curl").toPlainText()}, environment,
                        m_stack->path(QStringLiteral("curl.log")));
    QVERIFY(shell.waitForExit());
    QCOMPARE(shell.exitCode(), std::optional(0));
    QVERIFY2(shell.log().contains("\"choices\""), shell.log().constData());

    click(QWizard::FinishButton);
    QTRY_VERIFY(!m_app->wizard());
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
    QVERIFY(!fileText().contains(m_stack->key("client")));
}

void TestTraySetup::cancelLeavesNothingBehind_data()
{
    QTest::addColumn<SetupWizard::Page>("page");
    QTest::newRow("at once") << SetupWizard::Welcome;
    QTest::newRow("server") << SetupWizard::Server;
    QTest::newRow("models") << SetupWizard::Models;
    QTest::newRow("summary") << SetupWizard::Summary;
}

void TestTraySetup::cancelLeavesNothingBehind()
{
    QFETCH(const SetupWizard::Page, page);
    QVERIFY(openWizard());
    QVERIFY(reach(page));
    QVERIFY(fillIn(page));
    click(QWizard::CancelButton);
    QTRY_VERIFY(!m_app->wizard());
    QVERIFY(!QFile::exists(QFileInfo(configFile()).path()));
    QVERIFY(!QFile::exists(m_autostart->file()));
    QVERIFY(m_keys.keys.isEmpty());
    QCOMPARE(snapshot().situation, status::Situation::Unconfigured);
    QVERIFY(m_stack->sessions().isEmpty());
    QVERIFY(m_app->window().isVisible());
}

QTEST_MAIN(TestTraySetup)
#include "tst_traysetup.moc"
