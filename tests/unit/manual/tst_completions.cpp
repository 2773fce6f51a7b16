// The completions, asked in the shells themselves.

#include "completion.h"
#include "products.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth::manual;
using namespace Qt::StringLiterals;

namespace {

/// The output of one of the scripts in shells/, run in a folder.
QByteArray ask(const QString &shell, const QStringList &arguments, const QString &folder)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"HOME"_s, folder);
    process.setProcessEnvironment(environment);
    const QString script = QStringLiteral(HEARTH_SOURCE_DIR "/tests/unit/manual/shells/ask.") + shell;
    process.start(shell, QStringList{shell == "fish"_L1 ? u"--no-config"_s : u"-f"_s, script} + arguments);
    process.waitForFinished();
    return process.readAllStandardOutput() + process.readAllStandardError();
}

QStringList sortedLines(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
    lines.sort();
    return lines;
}

/// Without bash there is no test; whether the others are there is up to the machine.
bool isThere(const QString &shell)
{
    return shell == "bash"_L1 || !QStandardPaths::findExecutable(shell).isEmpty();
}

} // namespace

class TestCompletions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void offers_data();
    void offers();
    void knowsEveryOptionAndCommand_data();
    void knowsEveryOptionAndCommand();

private:
    /// What the shell offers for the last word of the line, sorted.
    QStringList offersOf(const QString &shell, const QString &line) const;

    const Products m_products{QString()};
    const QTemporaryDir m_folder;
};

void TestCompletions::initTestCase()
{
    for (const QString &shell : Products::shells()) {
        QVERIFY(QDir(m_folder.path()).mkdir(shell));
        for (const QString &program : m_products.programs()) {
            QFile file(m_folder.filePath(shell + u"/_" + program));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_products.completion(shell, program)) > 0);
        }
    }
    // Something to be offered where a file is wanted.
    QVERIFY(QDir(m_folder.path()).mkdir(u"files"_s));
    for (const QString &name : {u"files/one.yaml"_s, u"files/two.yaml"_s}) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
}

QStringList TestCompletions::offersOf(const QString &shell, const QString &line) const
{
    const QString program = line.section(u' ', 0, 0);
    const QString script = m_folder.filePath(shell + u"/_" + program);
    QStringList arguments;
    if (shell == "bash"_L1) {
        // Readline makes a word of each equals sign.
        arguments = QString(line).replace("="_L1, " = "_L1).split(u' ');
        arguments = QStringList{script, u'_' + functionNameOf(m_products.program(program))} + arguments;
    } else {
        arguments = {shell == "zsh"_L1 ? m_folder.filePath(shell) : script, line};
    }
    return sortedLines(ask(shell, arguments, m_folder.filePath(u"files"_s)));
}

void TestCompletions::offers_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QStringList>("offered");
    const auto row = [](const char *name, const QString &line, const QStringList &offered) {
        for (const QString &shell : Products::shells())
            QTest::addRow("%s: %s", qPrintable(shell), name) << shell << line << offered;
    };
    row("commands", u"hearthd "_s, {u"config"_s, u"key"_s});
    row("the beginning of a command", u"hearthd k"_s, {u"key"_s});
    row("commands below", u"hearthd key "_s, {u"create"_s, u"list"_s, u"revoke"_s, u"update"_s});
    row("commands behind an option", u"hearthd --config key config "_s, {u"check"_s, u"show"_s});
    row("options", u"hearthd --l"_s, {u"--listen"_s});
    row("options of a command", u"hearthd config show --o"_s, {u"--origin"_s});
    row("options from above", u"hearthd key create --data"_s, {u"--database"_s});
    row("no options of others", u"hearthd key create --or"_s, {});
    row("choices", u"hearthd key create --scope "_s, {u"admin"_s, u"infer"_s, u"publish"_s});
    row("choices behind an equals sign", u"hearthd key create --scope="_s, {u"admin"_s, u"infer"_s, u"publish"_s});
    row("the beginning of a choice", u"hearthd key create --priority l"_s, {u"low"_s});
    row("files", u"hearth-tray --config o"_s, {u"one.yaml"_s});
    row("no files for a text", u"hearthd --listen "_s, {});
    row("no files for an argument", u"hearthd key revoke o"_s, {});
    row("options of one without commands", u"hearth-testbackend --asl"_s, {u"--asleep"_s});
}

void TestCompletions::offers()
{
    QFETCH(const QString, shell);
    QFETCH(const QString, line);
    if (!isThere(shell))
        QSKIP("The shell is not installed.");
    QTEST(offersOf(shell, line), "offered");
}

void TestCompletions::knowsEveryOptionAndCommand_data()
{
    QTest::addColumn<QString>("shell");
    QTest::addColumn<QString>("program");
    for (const QString &shell : Products::shells()) {
        for (const QString &program : m_products.programs())
            QTest::addRow("%s: %s", qPrintable(shell), qPrintable(program)) << shell << program;
    }
}

void TestCompletions::knowsEveryOptionAndCommand()
{
    QFETCH(const QString, shell);
    QFETCH(const QString, program);
    if (!isThere(shell))
        QSKIP("The shell is not installed.");
    for (const CommandDescription *command : commandsOf(m_products.program(program))) {
        QStringList options;
        for (const OptionDescription &option : command->allOptions())
            options.append(option.names.last());
        options.sort();
        QCOMPARE(offersOf(shell, command->path + u" --"), options);
        QStringList commands;
        for (const CommandDescription &below : command->commands)
            commands.append(below.name);
        commands.sort();
        if (!commands.isEmpty())
            QCOMPARE(offersOf(shell, command->path + u' '), commands);
    }
}

QTEST_GUILESS_MAIN(TestCompletions)
#include "tst_completions.moc"
