// The programs as a person starts them by hand: they end with the terminal, and SIGHUP is no wish to reload there.

#include "terminalprogram.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>

using namespace hearth;
using namespace hearth::testsupport;

class TestTerminal final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsWithItsTerminal_data();
    void endsWithItsTerminal();
    void endsWithAHangup_data();
    void endsWithAHangup();

private:
    static void addPrograms();
    /// Starts the program of the row.
    TerminalProgram start() const;
    QString write(const QString &name, const QByteArray &content) const;

    /// Whether it ends by itself, as with SIGTERM.
    static bool endsInOrder(TerminalProgram &program)
    {
        const std::optional<int> status = program.waitForEnd();
        return status && WIFEXITED(*status) && WEXITSTATUS(*status) == 0;
    }

    QTemporaryDir m_directory;
};

void TestTerminal::addPrograms()
{
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("hearthd") << QByteArray("listening on");
    // Nobody listens on port 1.
    QTest::newRow("hearth-publisher") << QByteArray("trying again");
}

QString TestTerminal::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
    return file.fileName();
}

TerminalProgram TestTerminal::start() const
{
    QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--database"),
                          QStringLiteral("sqlite:") + m_directory.filePath(QStringLiteral("hearth.db"))};
    const QString program = QString::fromLatin1(QTest::currentDataTag());
    if (program != QLatin1String("hearthd")) {
        const QString key = write(QStringLiteral("publisher.key"), "hk_test\n");
        const QByteArray llm = "llms: [{name: a, url: \"http://127.0.0.1:1/v1\", publish: true}]\n";
        arguments = {QStringLiteral("--config"),
                     write(QStringLiteral("publisher.yaml"),
                           "server: http://127.0.0.1:1\nkeyFile: " + key.toUtf8() + '\n' + llm)};
    }
    return {programPath(program), arguments, cleanEnvironment(m_directory.path())};
}

void TestTerminal::endsWithItsTerminal_data()
{
    addPrograms();
}

void TestTerminal::endsWithItsTerminal()
{
    QFETCH(QByteArray, words);
    TerminalProgram program = start();
    QVERIFY2(program.waitFor(words), program.shown().constData());
    program.close();
    QVERIFY(endsInOrder(program));
}

void TestTerminal::endsWithAHangup_data()
{
    addPrograms();
}

void TestTerminal::endsWithAHangup()
{
    QFETCH(QByteArray, words);
    TerminalProgram program = start();
    QVERIFY2(program.waitFor(words), program.shown().constData());
    // The terminal may send it, and the shell again.
    program.signal(SIGHUP);
    program.signal(SIGHUP);
    QVERIFY2(endsInOrder(program), program.shown().constData());
    QVERIFY2(!program.shown().contains("reload"), program.shown().constData());
}

QTEST_GUILESS_MAIN(TestTerminal)
#include "tst_terminal.moc"
