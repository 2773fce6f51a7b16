// PosixTerminal on pipes, and as hearth-publisher uses it on a terminal, which the test holds the other end of.

#include "posixterminal.h"
#include "terminalprogram.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace hearth;
using namespace hearth::headless;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestPosixTerminal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsLines();
    void readsSecretsFromWhatIsNoTerminal();
    void boundsLines();
    void waitsOnlySoLong_data();
    void waitsOnlySoLong();
    void notesBesideTheOutput();
    void showsNoSecret();
    void givesTheTerminalBack_data();
    void givesTheTerminalBack();
    void isStoppedAndGoesOn();

private:
    /// `hearth-publisher setup` on a terminal, which will ask for the key.
    TerminalProgram setUp() const;

    QTemporaryDir m_directory;
};

namespace {

/// A pipe that holds this input and ends with it unless it stays open, and one that takes what is said.
class Pipes
{
public:
    explicit Pipes(const QByteArray &input, bool staysOpen = false)
    {
        if (::pipe(m_in) != 0 || ::pipe(m_out) != 0 || ::write(m_in[1], input.constData(), size_t(input.size())) < 0)
            qFatal("no pipes");
        if (!staysOpen)
            ::close(std::exchange(m_in[1], -1));
    }

    ~Pipes()
    {
        for (const int end : {m_in[0], m_in[1], m_out[0], m_out[1]})
            ::close(end);
    }

    Pipes(const Pipes &) = delete;
    Pipes &operator=(const Pipes &) = delete;

    PosixTerminal terminal() const
    {
        return PosixTerminal({.input = m_in[0], .output = m_out[1], .inputTimeout = 50ms});
    }

    int output() const { return m_out[1]; }

    QByteArray said() const
    {
        QByteArray bytes(4096, '\0');
        bytes.resize(::read(m_out[0], bytes.data(), size_t(bytes.size())));
        return bytes;
    }

private:
    int m_in[2];
    int m_out[2];
};

} // namespace

TerminalProgram TestPosixTerminal::setUp() const
{
    // Nobody listens on port 1.
    return {programPath(QStringLiteral("hearth-publisher")),
            {QStringLiteral("setup"), QStringLiteral("--server"), QStringLiteral("http://127.0.0.1:1"),
             QStringLiteral("--config"), m_directory.filePath(QStringLiteral("publisher.yaml"))},
            cleanEnvironment(m_directory.path())};
}

void TestPosixTerminal::readsLines()
{
    const Pipes pipes(" one \n\nrest");
    PosixTerminal terminal = pipes.terminal();
    QVERIFY(!terminal.isInteractive());
    QCOMPARE(terminal.ask(QStringLiteral("First?")), QStringLiteral("one"));
    QCOMPARE(terminal.ask(QStringLiteral("Second?")), QString());
    QCOMPARE(terminal.ask(QStringLiteral("Third?")), QStringLiteral("rest"));
    QVERIFY(!terminal.ask(QStringLiteral("Fourth?")));
    terminal.say(QStringLiteral("done"));
    QCOMPARE(pipes.said(), QByteArray("First? Second? Third? Fourth? done\n"));
}

void TestPosixTerminal::readsSecretsFromWhatIsNoTerminal()
{
    const Pipes pipes("hk_secret\r\nmore\n");
    PosixTerminal terminal = pipes.terminal();
    QCOMPARE(terminal.askSecret(QStringLiteral("Key?")), QByteArray("hk_secret"));
    // It has taken no more than its line.
    QCOMPARE(terminal.ask(QStringLiteral("Next?")), QStringLiteral("more"));
    QCOMPARE(pipes.said(), QByteArray("Next? "));
}

void TestPosixTerminal::boundsLines()
{
    const Pipes pipes(QByteArray(20'000, 'x') + '\n');
    PosixTerminal terminal = pipes.terminal();
    QVERIFY(!terminal.ask(QStringLiteral("?")));
}

void TestPosixTerminal::waitsOnlySoLong_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a line") << QByteArray("hk_");
}

void TestPosixTerminal::waitsOnlySoLong()
{
    QFETCH(QByteArray, input);
    const Pipes pipes(input, true);
    PosixTerminal terminal = pipes.terminal();
    QVERIFY(!terminal.askSecret(QStringLiteral("Key?")));
}

void TestPosixTerminal::notesBesideTheOutput()
{
    const Pipes output({});
    const Pipes errors({});
    PosixTerminal terminal({.output = output.output(), .errors = errors.output()});
    terminal.note(QStringLiteral("Waiting."));
    terminal.say(QStringLiteral("Done."));
    QCOMPARE(errors.said(), QByteArray("Waiting.\n"));
    QCOMPARE(output.said(), QByteArray("Done.\n"));
}

void TestPosixTerminal::showsNoSecret()
{
    TerminalProgram setup = setUp();
    QVERIFY2(setup.waitFor("paste it:"), setup.shown().constData());
    QVERIFY(!setup.hasEcho());
    setup.type("hk_secret\n");
    // Nobody is there, so the address is asked for once more.
    QVERIFY2(setup.waitFor("Address of your server"), setup.shown().constData());
    QVERIFY(setup.hasEcho());
    QVERIFY2(!setup.shown().contains("secret"), setup.shown().constData());
    setup.type("\x04");
    const std::optional<int> status = setup.waitForEnd();
    QVERIFY(status && WIFEXITED(*status));
    QCOMPARE(WEXITSTATUS(*status), 1);
    QVERIFY(setup.waitFor("Nothing has been written."));
}

void TestPosixTerminal::givesTheTerminalBack_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("signal");
    QTest::newRow("Ctrl-C") << QByteArray("\x03") << SIGINT;
    QTest::newRow("Ctrl-\\") << QByteArray("\x1c") << SIGQUIT;
    QTest::newRow("terminated") << QByteArray() << SIGTERM;
}

void TestPosixTerminal::givesTheTerminalBack()
{
    QFETCH(QByteArray, key);
    QFETCH(int, signal);
    TerminalProgram setup = setUp();
    QVERIFY2(setup.waitFor("paste it:"), setup.shown().constData());
    QVERIFY(!setup.hasEcho());
    if (key.isEmpty())
        setup.signal(signal);
    else
        setup.type("half a k" + key);
    const std::optional<int> status = setup.waitForEnd();
    QVERIFY(status && WIFSIGNALED(*status));
    QCOMPARE(WTERMSIG(*status), signal);
    QVERIFY(setup.hasEcho());
}

void TestPosixTerminal::isStoppedAndGoesOn()
{
    TerminalProgram setup = setUp();
    QVERIFY2(setup.waitFor("paste it:"), setup.shown().constData());
    setup.type("half a k\x1a");
    QTRY_VERIFY(setup.isStopped());
    QVERIFY(setup.hasEcho());
    setup.signal(SIGCONT);
    // Asked anew, from the first letter.
    QVERIFY2(setup.waitFor("paste it:"), setup.shown().constData());
    QTRY_VERIFY(!setup.hasEcho());
    setup.type("hk_secret\n");
    QVERIFY2(setup.waitFor("Address of your server"), setup.shown().constData());
    QVERIFY(setup.hasEcho());
}

QTEST_GUILESS_MAIN(TestPosixTerminal)
#include "tst_posixterminal.moc"
