// hearth-tray as a program: a second start, hearth-publisher with the same configuration, suspend, no display.

#include "traytest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;

class TestTrayPrograms final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void secondStartRaisesTheFirst();
    void twoAtOnceAreOne();
    void headlessHoldsTheConfiguration();
    void headlessIsRefused();
    void suspendedMachine();
    void terminationTellsTheServer();
    void noDisplay();
    void badCommandLine();

private:
    QProcessEnvironment environment() const;
    std::unique_ptr<Program> launch(const QString &program, const QStringList &flags = {});
};

QProcessEnvironment TestTrayPrograms::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    return environment;
}

std::unique_ptr<Program> TestTrayPrograms::launch(const QString &program, const QStringList &flags)
{
    static int number = 0;
    return std::make_unique<Program>(programPath(program),
                                     QStringList{QStringLiteral("--config"), configFile()} + flags, environment(),
                                     m_stack->path(QStringLiteral("%1-%2.log").arg(program).arg(++number)));
}

void TestTrayPrograms::secondStartRaisesTheFirst()
{
    QVERIFY(startServerSide());
    m_appSettings.startsHidden = true;
    QVERIFY(startApp());
    m_appSettings.startsHidden = false;
    QVERIFY(!m_app->window().isVisible());
    const auto second = launch(QStringLiteral("hearth-tray"));
    QVERIFY(second->waitForExit());
    QCOMPARE(second->exitCode(), std::optional(0));
    QTRY_VERIFY(m_app->window().isVisible());
    QVERIFY(m_app->host().situation() == status::Situation::Here);
}

void TestTrayPrograms::twoAtOnceAreOne()
{
    QVERIFY(startServerSide());
    writeConfiguration();
    const auto one = launch(QStringLiteral("hearth-tray"), {QStringLiteral("--hidden")});
    const auto other = launch(QStringLiteral("hearth-tray"), {QStringLiteral("--hidden")});
    QTRY_VERIFY_WITH_TIMEOUT(one->isRunning() != other->isRunning(), 20'000);
    Program &left = one->isRunning() ? *other : *one;
    Program &stayed = one->isRunning() ? *one : *other;
    QCOMPARE(left.exitCode(), std::optional(0));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    stayed.signal(SIGTERM);
    QVERIFY(stayed.waitForExit());
}

void TestTrayPrograms::headlessHoldsTheConfiguration()
{
    QVERIFY(startServerSide());
    writeConfiguration();
    const auto headless = launch(QStringLiteral("hearth-publisher"));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    makeApp();
    m_app->start();
    QTRY_VERIFY(snapshot().situation == status::Situation::Elsewhere);
    QTRY_VERIFY(snapshot().state == publisher::ConnectionState::Online);
    QCOMPARE(snapshot().program, QStringLiteral("hearth-publisher"));
    QCOMPARE(snapshot().processId, headless->pid());
    m_app->board().refresh();
    QVERIFY(llm());
    QVERIFY(llm()->state == channel::ReportedState::Active);

    headless->signal(SIGTERM);
    QVERIFY(headless->waitForExit());
    QTRY_VERIFY(snapshot().situation == status::Situation::Nowhere);
    m_app->host().takeOver();
    QVERIFY(waitUntilOnline());
    QVERIFY(snapshot().situation == status::Situation::Here);
}

void TestTrayPrograms::headlessIsRefused()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    const auto headless = launch(QStringLiteral("hearth-publisher"));
    QVERIFY(headless->waitForExit());
    QCOMPARE(headless->exitCode(), std::optional(1));
    QVERIFY2(headless->log().contains(QByteArray::number(QCoreApplication::applicationPid())),
             headless->log().constData());
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
}

void TestTrayPrograms::suspendedMachine()
{
    // Short enough that the server gives the box up while it is suspended.
    QVERIFY(startServerSide({.server = {{QStringLiteral("channel.pingSeconds"), QStringLiteral("0.3")}}}));
    writeConfiguration();
    const auto app = launch(QStringLiteral("hearth-tray"), {QStringLiteral("--hidden")});
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    app->signal(SIGSTOP);
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    const QByteArray settings = fileText();
    app->signal(SIGCONT);
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const auto call = m_stack->call(m_stack->chat());
    QVERIFY(call->waitForEnd());
    QVERIFY(call->saysDone());
    QVERIFY(app->isRunning());
    QCOMPARE(fileText(), settings);
    app->signal(SIGTERM);
    QVERIFY(app->waitForExit());
    QCOMPARE(app->exitCode(), std::optional(0));
}

void TestTrayPrograms::terminationTellsTheServer()
{
    QVERIFY(startServerSide());
    writeConfiguration();
    const auto app = launch(QStringLiteral("hearth-tray"));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    app->signal(SIGTERM);
    QVERIFY(app->waitForExit());
    QCOMPARE(app->exitCode(), std::optional(0));
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QVERIFY2(!app->log().contains("QObject") && !app->log().contains("Sanitizer"), app->log().constData());
}

void TestTrayPrograms::noDisplay()
{
    makeStack();
    QProcessEnvironment bare = environment();
    for (const char *variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        bare.remove(QLatin1String(variable));
    const CommandResult result = runCommand(programPath(QStringLiteral("hearth-tray")), {}, bare);
    QCOMPARE(result.exitCode, 1);
    QVERIFY2(result.errors.contains("hearth-publisher"), result.errors.constData());
}

void TestTrayPrograms::badCommandLine()
{
    makeStack();
    QCOMPARE(
        runCommand(programPath(QStringLiteral("hearth-tray")), {QStringLiteral("--nonsense")}, environment()).exitCode,
        2);
    const CommandResult version =
        runCommand(programPath(QStringLiteral("hearth-tray")), {QStringLiteral("--version")}, environment());
    QCOMPARE(version.exitCode, 0);
    QVERIFY(version.output.startsWith("hearth-tray "));
}

QTEST_MAIN(TestTrayPrograms)
#include "tst_trayprograms.moc"
