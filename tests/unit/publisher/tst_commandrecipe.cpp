#include "processtable.h"
#include "recipefixture.h"

#include <QLoggingCategory>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

// What a program gets and how its end is told. What lives on and what is ended: tst_commandrecipelifetime.
class TestCommandRecipe final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void succeeds();
    void tellsTheCause_data();
    void tellsTheCause();
    void tellsWhyItCannotStart_data();
    void tellsWhyItCannotStart();
    void logsTheOutput();
    void tellsNoSecret();
    void cutsALongLine();
    void waitsForTheLastLine();
    void doesNotWaitForANoisyBackground();
    void takesAGigabyte();

    void passesArgumentsAsTheyAre();
    void hidesTheEnvironment();
    void hasAPathAlways();
    void hasAnEmptyInput();
    void inheritsNoDescriptors();
    void inheritsNoSignals();
    void hasNoTerminal();

private:
    void copyFromProc(const QString &name);

    std::unique_ptr<RecipeFixture> f;
};

void TestCommandRecipe::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("hearth.publisher.warning=false"));
}

void TestCommandRecipe::init()
{
    f = std::make_unique<RecipeFixture>();
}

void TestCommandRecipe::cleanup()
{
    f.reset();
    QTRY_VERIFY(!hasChildren());
}

void TestCommandRecipe::succeeds()
{
    f->startScript("echo out; echo err >&2; echo $$ > $d/pid");
    QTRY_VERIFY(f->succeeded());
    QVERIFY(f->program() > 0);
}

void TestCommandRecipe::tellsTheCause_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("message");

    const QString status3 = QStringLiteral("The recipe's command ended with exit status 3");
    QTest::newRow("status") << QByteArray("echo before >&2; echo no such model >&2; exit 3")
                            << status3 + QStringLiteral(": no such model");
    QTest::newRow("outputIsNoCause") << QByteArray("echo hello; exit 3") << status3 + u'.';
    QTest::newRow("emptyLines") << QByteArray("printf 'cause\\n\\n  \\n\\n' >&2; exit 3")
                                << status3 + QStringLiteral(": cause");
    QTest::newRow("noLineEnd") << QByteArray("printf 'a\\nb' >&2; exit 3") << status3 + QStringLiteral(": b");
    QTest::newRow("progressBar") << QByteArray("printf '10 %%\\r20 %%\\rno space left\\r' >&2; exit 3")
                                 << status3 + QStringLiteral(": no space left");
    QTest::newRow("colours") << QByteArray("printf '\\033[1;31mred\\033[0m\\a text\\n' >&2; exit 3")
                             << status3 + QStringLiteral(": red text");
    QTest::newRow("utf8") << QByteArray("printf 'größer \\342\\200\\256\\377\\n' >&2; exit 3")
                          << status3 + QStringLiteral(": größer \uFFFD");
    QTest::newRow("zeros") << QByteArray("head -c 100000 /dev/zero >&2; exit 3") << status3 + u'.';
    QTest::newRow("signal") << QByteArray("echo oh >&2; kill -9 $$")
                            << QStringLiteral("The recipe's command was ended by signal 9: oh");
}

void TestCommandRecipe::tellsTheCause()
{
    QFETCH(QByteArray, script);
    QFETCH(QString, message);

    f->startScript(script);
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed), message);
}

void TestCommandRecipe::tellsWhyItCannotStart_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");

    QTest::newRow("missing") << QString() << QByteArray() << QStringLiteral("No such file or directory");
    QTest::newRow("notExecutable") << QStringLiteral("r") << QByteArray("#!/bin/sh\n")
                                   << QStringLiteral("Permission denied");
    QTest::newRow("noProgram") << QStringLiteral("rx") << QByteArray("text") << QStringLiteral("Exec format error");
    QTest::newRow("missingInterpreter") << QStringLiteral("rx") << QByteArray("#!/nowhere/sh\n")
                                        << QStringLiteral("No such file or directory");
}

void TestCommandRecipe::tellsWhyItCannotStart()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);

    if (!name.isEmpty()) {
        QFile file(f->path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(name == u"rx" ? QFile::ReadOwner | QFile::ExeOwner : QFile::ReadOwner);
    }
    f->start(CommandRecipe{f->path(name.isEmpty() ? QStringLiteral("none") : name), {}});
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed),
             QStringLiteral("The recipe's command cannot be started: %1.").arg(reason));
}

void TestCommandRecipe::logsTheOutput()
{
    QLoggingCategory::setFilterRules({});
    const QRegularExpression output(QStringLiteral("standard output: from here\\n$"));
    const QRegularExpression lastOfError(QStringLiteral("standard error: line 1\\d+\\n(line \\d+\\n)+line 1999\\n$"));
    QTest::ignoreMessage(QtWarningMsg, output);
    QTest::ignoreMessage(QtWarningMsg, lastOfError);
    f->startScript("echo from here; i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done >&2; exit 1");
    QTRY_COMPARE(f->ends, 1);
    initTestCase();
}

void TestCommandRecipe::tellsNoSecret()
{
    f->startScript("echo 'refused: Authorization: Bearer 0123456789abcdef0123' >&2; exit 1");
    QTRY_COMPARE(f->ends, 1);
    const QString message = f->errorOf(ErrorCode::WakeFailed);
    QVERIFY2(message.contains(QStringLiteral("refused")), qPrintable(message));
    QVERIFY2(!message.contains(QStringLiteral("0123456789abcdef0123")), qPrintable(message));
}

void TestCommandRecipe::cutsALongLine()
{
    f->startScript("head -c 1000 /dev/zero | tr '\\0' x >&2; exit 3");
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed),
             QStringLiteral("The recipe's command ended with exit status 3: ") + QString(299, u'x') + u'…');
}

void TestCommandRecipe::waitsForTheLastLine()
{
    // Much is still in the pipes when the program ends.
    for (int i = 0; i < 20; ++i) {
        f->startScript("head -c 60000 /dev/zero; head -c 60000 /dev/zero >&2; echo >&2; echo the end >&2; exit 1");
        QTRY_COMPARE(f->ends, 1);
        QCOMPARE(f->errorOf(ErrorCode::WakeFailed),
                 QStringLiteral("The recipe's command ended with exit status 1: the end"));
    }
}

void TestCommandRecipe::doesNotWaitForANoisyBackground()
{
    f->startScript("echo $$ > $d/pid; yes noise >&2 & yes noise & exit 4");
    QTRY_COMPARE(f->ends, 1);
    QVERIFY(f->errorOf(ErrorCode::WakeFailed)
                .startsWith(QStringLiteral("The recipe's command ended with exit status 4: n")));
    QCOMPARE(runningInGroup(f->program()), QList<int>());
}

void TestCommandRecipe::takesAGigabyte()
{
    const auto residentPages = [] {
        QFile file(QStringLiteral("/proc/self/statm"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() : 0;
    };
    const qint64 before = residentPages();
    f->startScript("head -c 512M /dev/zero & head -c 512M /dev/zero >&2; wait; echo done >&2; exit 1");
    QTRY_COMPARE_WITH_TIMEOUT(f->ends, 1, 60'000);
    QVERIFY(f->errorOf(ErrorCode::WakeFailed).endsWith(QStringLiteral("exit status 1: done")));
    const qint64 growth = (residentPages() - before) * ::sysconf(_SC_PAGESIZE);
    QVERIFY2(growth < 16 * 1024 * 1024, QByteArray::number(growth).constData());
}

void TestCommandRecipe::passesArgumentsAsTheyAre()
{
    const QStringList arguments{QStringLiteral("two words"),  QStringLiteral("it's \"quoted\""),
                                QStringLiteral("$HOME;`id`"), QString(),
                                QStringLiteral("*"),          QStringLiteral("größer"),
                                QStringLiteral("a\nb"),       QStringLiteral("-x")};
    const QString script = QStringLiteral("f=$1; shift; printf '%s|' \"$@\" > \"$f\"");
    f->start(CommandRecipe{QStringLiteral("/bin/sh"), QStringList{QStringLiteral("-c"), script, QStringLiteral("sh"),
                                                                  f->path(QStringLiteral("the words"))} +
                                                          arguments});
    QTRY_VERIFY(f->succeeded());
    QCOMPARE(QString::fromUtf8(f->content(QStringLiteral("the words"))), arguments.join(u'|') + u'|');
}

// By a program that is no shell: one would add to what it has been given.
void TestCommandRecipe::copyFromProc(const QString &name)
{
    f->start(CommandRecipe{QStringLiteral("/bin/cp"),
                           {QStringLiteral("/proc/self/") + name, f->path(QStringLiteral("copy"))}});
    QTRY_VERIFY(f->succeeded());
}

void TestCommandRecipe::hidesTheEnvironment()
{
    qputenv("HEARTH_API_KEY", "hk_secret");
    qputenv("OPENAI_API_KEY", "sk-secret");
    qputenv("XHOME", "not on the list");
    qputenv("LANGUAGE", "de:en");
    qputenv("LC_TIME", "C");
    qputenv("HOME", "/home/somebody");
    copyFromProc(QStringLiteral("environ"));
    const QList<QByteArray> variables = f->content(QStringLiteral("copy")).split('\0');
    QVERIFY(variables.contains("LC_TIME=C"));
    QVERIFY(variables.contains("LANGUAGE=de:en"));
    QVERIFY(variables.contains("HOME=/home/somebody"));
    const QList<QByteArray> known{"HOME",    "USER",           "LOGNAME",         "SHELL",
                                  "PATH",    "LANG",           "LANGUAGE",        "TZ",
                                  "",        "TMPDIR",         "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
                                  "DISPLAY", "WAYLAND_DISPLAY"};
    for (const QByteArray &variable : variables) {
        const QByteArray name = variable.left(std::max<qsizetype>(variable.indexOf('='), 0));
        QVERIFY2(name.startsWith("LC_") || known.contains(name), variable.constData());
    }
}

void TestCommandRecipe::hasAPathAlways()
{
    const QByteArray path = qgetenv("PATH");
    qunsetenv("PATH");
    copyFromProc(QStringLiteral("environ"));
    qputenv("PATH", path);
    QVERIFY(f->content(QStringLiteral("copy")).split('\0').contains("PATH=/usr/local/bin:/usr/bin:/bin"));
}

void TestCommandRecipe::hasAnEmptyInput()
{
    f->startScript("cat > $d/input; readlink /proc/self/fd/0 > $d/name");
    QTRY_VERIFY(f->succeeded());
    QCOMPARE(f->content(QStringLiteral("input")), QByteArray());
    QCOMPARE(f->content(QStringLiteral("name")).trimmed(), QByteArray("/dev/null"));
}

void TestCommandRecipe::inheritsNoDescriptors()
{
    const int leak = ::open("/dev/null", O_RDONLY); // NOLINT: not close-on-exec, on purpose.
    QVERIFY(leak > STDERR_FILENO);
    f->startScript("ls /proc/self/fd > $d/list");
    QTRY_VERIFY(f->succeeded());
    ::close(leak);
    // The fourth is the directory that ls reads.
    QCOMPARE(f->content(QStringLiteral("list")), QByteArray("0\n1\n2\n3\n"));
}

void TestCommandRecipe::inheritsNoSignals()
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    std::signal(SIGUSR2, SIG_IGN);
    copyFromProc(QStringLiteral("status"));
    pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    std::signal(SIGUSR2, SIG_DFL);
    const QList<QByteArray> lines = f->content(QStringLiteral("copy")).split('\n');
    QVERIFY(lines.contains("SigBlk:\t0000000000000000"));
    // The two are the C library's own, SIGCANCEL and SIGSETXID.
    QVERIFY(lines.contains("SigIgn:\t0000000000000000") || lines.contains("SigIgn:\t0000000180000000"));
}

void TestCommandRecipe::hasNoTerminal()
{
    f->startScript("exec < /dev/tty");
    QTRY_COMPARE(f->ends, 1);
    QVERIFY(f->errorOf(ErrorCode::WakeFailed).contains(QStringLiteral("/dev/tty")));
}

QTEST_GUILESS_MAIN(TestCommandRecipe)
#include "tst_commandrecipe.moc"
