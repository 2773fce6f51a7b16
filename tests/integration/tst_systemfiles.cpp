// What the programs make of files of the system that are not as they would like them. Each runs in a mount namespace of
// its own, in which root can put such files into their places without changing the machine.

#include "stacktest.h"

#include <QDir>

#include <unistd.h>

using namespace hearth;
using namespace hearth::testsupport;

class TestSystemFiles final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void init() { makeStack(); }

    void aDatabaseNeedsAPlaceToBeWrittenTo_data();
    void aDatabaseNeedsAPlaceToBeWrittenTo();
    void aConfigurationOfTheServiceIsNobodyElses_data();
    void aConfigurationOfTheServiceIsNobodyElses();

private:
    /// Runs this line of a shell in which `$1` is the stack's folder and `$2` the program.
    CommandResult run(const QString &line, const QString &program) const;
    void write(const QString &file, const QByteArray &content) const;
};

CommandResult TestSystemFiles::run(const QString &line, const QString &program) const
{
    return runCommand(QStringLiteral("unshare"),
                      {QStringLiteral("--mount"), QStringLiteral("sh"), QStringLiteral("-ec"), line,
                       QStringLiteral("sh"), m_stack->path({}), programPath(program)},
                      cleanEnvironment(m_stack->path({})));
}

void TestSystemFiles::write(const QString &file, const QByteArray &content) const
{
    QVERIFY(QDir().mkpath(QFileInfo(m_stack->path(file)).path()));
    QFile written(m_stack->path(file));
    QVERIFY(written.open(QIODevice::WriteOnly));
    QCOMPARE(written.write(content), content.size());
}

void TestSystemFiles::initTestCase()
{
    if (::geteuid() != 0)
        QSKIP("Only root can mount.");
    makeStack();
    if (run(QStringLiteral("mount --bind \"$1\" \"$1\""), QStringLiteral("hearthd")).exitCode != 0)
        QSKIP("Root may not mount here.");
}

void TestSystemFiles::aDatabaseNeedsAPlaceToBeWrittenTo_data()
{
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("command");
    QTest::newRow("a new file") << QStringLiteral("new.db") << QString();
    QTest::newRow("a new folder") << QStringLiteral("a/b/new.db") << QString();
    QTest::newRow("a file that is there") << QStringLiteral("old.db") << QString();
    QTest::newRow("a command") << QStringLiteral("new.db") << QStringLiteral("key list");
}

void TestSystemFiles::aDatabaseNeedsAPlaceToBeWrittenTo()
{
    QFETCH(QString, database);
    QFETCH(QString, command);
    write(QStringLiteral("db/old.db"), {});
    // As it is for a service with ProtectSystem=strict.
    const CommandResult refused =
        run(QStringLiteral("mount --bind -o ro \"$1/db\" \"$1/db\"; exec \"$2\" %1 --database \"sqlite:$1/db/%2\"")
                .arg(command.isEmpty() ? QStringLiteral("--listen 127.0.0.1:0") : command, database),
            QStringLiteral("hearthd"));
    // Another start would fail in the same way.
    QVERIFY2(refused.exitCode == 2, refused.errors.constData());
    QVERIFY2(refused.errors.contains(database.toUtf8()), refused.errors.constData());
    QVERIFY2(refused.errors.contains("ReadWritePaths="), refused.errors.constData());
}

void TestSystemFiles::aConfigurationOfTheServiceIsNobodyElses_data()
{
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<QString>("options");
    QTest::addColumn<QByteArray>("advice");
    const QByteArray ofTheService = "Only root and the service can read /etc/hearth/publisher.yaml: use sudo, or";
    const QByteArray none = "There is no configuration file.";
    QTest::newRow("start") << true << QString() << ofTheService;
    QTest::newRow("check") << true << QStringLiteral("--check") << ofTheService;
    QTest::newRow("start with nothing to publish") << true << QStringLiteral("--key-file key") << ofTheService;
    QTest::newRow("start without any") << false << QString() << none;
    QTest::newRow("start with nothing to publish, without any") << false << QStringLiteral("--key-file key") << none;
}

void TestSystemFiles::aConfigurationOfTheServiceIsNobodyElses()
{
    QFETCH(bool, isThere);
    QFETCH(QString, options);
    QFETCH(QByteArray, advice);
    write(QStringLiteral("etc/hearth/other"), {});
    write(QStringLiteral("key"), "hk_some");
    if (isThere) {
        write(QStringLiteral("etc/hearth/publisher.yaml"), "llms: []\n");
        QVERIFY(QFile::setPermissions(m_stack->path(QStringLiteral("etc/hearth/publisher.yaml")), {}));
    }
    // Root without its right to read everything is as good as anybody else.
    const CommandResult refused =
        run(QStringLiteral("cd \"$1\"; mount --bind etc /etc; "
                           "exec setpriv --bounding-set=-dac_override,-dac_read_search \"$2\" %1")
                .arg(options),
            QStringLiteral("hearth-publisher"));
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains(advice), refused.errors.constData());
}

QTEST_GUILESS_MAIN(TestSystemFiles)
#include "tst_systemfiles.moc"
