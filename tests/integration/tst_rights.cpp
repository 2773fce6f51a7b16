// What hearthd makes of the rights of whoever starts it. Root: beside the data of another user nothing of root's is
// left. Others: they hear why they may not read the configuration.

#include "stacktest.h"

#include <QDir>
#include <QDirIterator>

#include <algorithm>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestRights final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void commandsLeaveNothingOfRoots_data();
    void commandsLeaveNothingOfRoots();
    void serverGoesOnAsTheOwner_data();
    void serverGoesOnAsTheOwner();
    void failuresTellOfTheOtherUser();
    void otherFailuresDoNot();
    void protectedPortsNeedACapability();
    void checksWithTheOwnersRights();
    void rootsOwnDataStayRoots();
    void othersHearWhoMayReadTheConfiguration();

private:
    /// Makes a stack with a folder of this user, but of root's group, in which the database is to lie.
    void makeStackOf(uid_t user, const QString &database = QStringLiteral("hearth.db"));

    QString folder() const { return m_stack->path(QStringLiteral("data")); }

    /// To whom everything in the folder belongs.
    QSet<uint> owners() const;
};

namespace {

constexpr uid_t root = 0;
/// Nobody's on any system that tests run on.
constexpr uid_t unknownUser = 54'321;

constexpr char onlyForRoot[] = "Only root can become another user.";

bool isRoot()
{
    return ::geteuid() == root;
}

uid_t nobody()
{
    const passwd *const entry = ::getpwnam("nobody");
    return entry ? entry->pw_uid : root;
}

/// The numbers in the line of a process's status that begins with this.
QList<uint> numbersOf(qint64 process, const QByteArray &begin)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(process));
    if (!status.open(QIODevice::ReadOnly))
        return {};
    QList<uint> numbers;
    for (const QByteArray &text : status.readAll().split('\n')) {
        if (!text.startsWith(begin))
            continue;
        for (const QByteArray &number : text.mid(begin.size()).simplified().split(' '))
            numbers.append(number.toUInt());
    }
    return numbers;
}

/// All that a login would give to nobody.
QList<uint> groupsOfNobody()
{
    const passwd *const entry = ::getpwnam("nobody");
    int count = 64;
    QList<gid_t> groups(count);
    if (!entry || ::getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count) < 0)
        return {};
    groups.resize(count);
    return groups;
}

/// Below this number, ports are for those with the capability.
int firstFreePort()
{
    QFile file(QStringLiteral("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 1024;
}

} // namespace

void TestRights::makeStackOf(uid_t user, const QString &database)
{
    makeStack();
    m_stack->settings().database = QStringLiteral("sqlite:") + folder() + u'/' + database;
    // The stack's folder is for its user alone; another one needs a way through.
    QVERIFY(QFile::setPermissions(m_stack->path({}), QFile::permissions(m_stack->path({})) | QFile::ExeOther));
    QVERIFY(QDir().mkdir(folder()));
    QCOMPARE(::chown(QFile::encodeName(folder()).constData(), user, root), 0);
}

QSet<uint> TestRights::owners() const
{
    QSet<uint> owners;
    for (QDirIterator file(folder(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
         file.hasNext();)
        owners.insert(file.nextFileInfo().ownerId());
    return owners;
}

void TestRights::commandsLeaveNothingOfRoots_data()
{
    QTest::addColumn<uint>("user");
    QTest::addColumn<QString>("database");
    const QString file = QStringLiteral("hearth.db");
    QTest::newRow("a user of this system") << uint(nobody()) << file;
    QTest::newRow("a user that only another system knows") << uint(unknownUser) << file;
    QTest::newRow("the folder is yet to be made") << uint(nobody()) << QStringLiteral("db/hearth.db");
    QTest::newRow("two folders are yet to be made") << uint(unknownUser) << QStringLiteral("lib/db/hearth.db");
}

void TestRights::commandsLeaveNothingOfRoots()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    QFETCH(uint, user);
    QFETCH(QString, database);
    makeStackOf(user, database);
    const CommandResult created = m_stack->hearthd(QStringLiteral("key create --name box --scope infer").split(u' '));
    QCOMPARE(created.exitCode, 0);
    QCOMPARE(created.errors, QByteArray());
    QVERIFY(QFile::exists(folder() + u'/' + database));
    QCOMPARE(owners(), QSet<uint>{user});
}

void TestRights::serverGoesOnAsTheOwner_data()
{
    QTest::addColumn<uint>("user");
    QTest::addColumn<QString>("name");
    QTest::addColumn<uint>("group");
    QTest::addColumn<QList<uint>>("groups");
    const QList<uint> groups = groupsOfNobody();
    QTest::newRow("a user of this system") << uint(nobody()) << QStringLiteral("nobody") << groups.value(0) << groups;
    // Not root's group, although the folder has it.
    QTest::newRow("a user that only another system knows")
        << uint(unknownUser) << u'#' + QString::number(unknownUser) << uint(unknownUser) << QList<uint>{unknownUser};
}

void TestRights::serverGoesOnAsTheOwner()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    QFETCH(uint, user);
    QFETCH(QString, name);
    QFETCH(uint, group);
    QFETCH(QList<uint>, groups);
    makeStackOf(user);
    QVERIFY(m_stack->makeKeys());
    QVERIFY(m_stack->startServer());
    const QByteArray told = "going on as the user " + name.toLatin1() + ',';
    QVERIFY2(m_stack->server().log().contains(told), told.constData());
    // Real, effective, saved and that of the file system: there is no way back.
    const qint64 process = m_stack->server().pid();
    QCOMPARE(numbersOf(process, "Uid:"), QList<uint>(4, user));
    QCOMPARE(numbersOf(process, "Gid:"), QList<uint>(4, group));
    QList<uint> given = numbersOf(process, "Groups:");
    std::ranges::sort(given);
    std::ranges::sort(groups);
    QCOMPARE(given, groups);
    QCOMPARE(m_stack->get("/readyz")->status(), 200);
    QVERIFY(QFile::exists(folder() + QStringLiteral("/secret.key")));
    QCOMPARE(owners(), QSet<uint>{user});
}

void TestRights::failuresTellOfTheOtherUser()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    makeStackOf(nobody());
    // As an older copy is that root has put back.
    QFile database(folder() + QStringLiteral("/hearth.db"));
    QVERIFY(database.open(QIODevice::WriteOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const CommandResult refused = m_stack->hearthd(QStringLiteral("key list").split(u' '));
    QCOMPARE(refused.exitCode, 1);
    const QByteArray reason = "hearthd was started by root and is going on as the user nobody, to whom the folder " +
                              folder().toUtf8() + " belongs.\n";
    QVERIFY2(refused.errors.endsWith(reason), refused.errors.constData());
}

void TestRights::otherFailuresDoNot()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    makeStackOf(nobody());
    const CommandResult refused = m_stack->hearthd(QStringLiteral("key revoke box").split(u' '));
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains("box") && !refused.errors.contains("root"), refused.errors.constData());
}

void TestRights::protectedPortsNeedACapability()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    constexpr int port = 81;
    if (firstFreePort() <= port)
        QSKIP("On this system everybody may listen on all ports.");
    makeStackOf(nobody());
    const CommandResult refused =
        m_stack->hearthd({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port)});
    // Another start would fail in the same way.
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("CAP_NET_BIND_SERVICE"), refused.errors.constData());
    QVERIFY2(refused.errors.contains("going on as the user nobody"), refused.errors.constData());
}

void TestRights::checksWithTheOwnersRights()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    makeStackOf(nobody());
    // Root could read it.
    QFile key(m_stack->path(QStringLiteral("tls.key")));
    QVERIFY(key.open(QIODevice::WriteOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    m_stack->writeServerFile("tls: {certificateFile: " + key.fileName().toUtf8() +
                             ", keyFile: " + key.fileName().toUtf8() + "}\n");
    const CommandResult refused = m_stack->hearthd(
        {QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--config"), m_stack->serverFile()});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("tls.key': Permission denied"), refused.errors.constData());
    QVERIFY2(refused.errors.contains("going on as the user nobody"), refused.errors.constData());
}

void TestRights::rootsOwnDataStayRoots()
{
    if (!isRoot())
        QSKIP(onlyForRoot);
    makeStackOf(root);
    QVERIFY(m_stack->makeKeys());
    QCOMPARE(owners(), QSet<uint>{root});
}

void TestRights::othersHearWhoMayReadTheConfiguration()
{
    makeStack();
    m_stack->writeServerFile("logLevel: debug\n");
    const QString file = m_stack->serverFile();
    QVERIFY(QFile::setPermissions(file, {}));
    QStringList command{programPath(QStringLiteral("hearthd")), QStringLiteral("config"), QStringLiteral("check"),
                        QStringLiteral("--config"), file};
    // Root without its right to read everything is as good as anybody else.
    if (isRoot()) {
        command =
            QStringList{QStringLiteral("setpriv"), QStringLiteral("--bounding-set=-dac_override,-dac_read_search")} +
            command;
    }
    const QString program = command.takeFirst();
    const CommandResult refused = runCommand(program, command, cleanEnvironment(m_stack->path({})));
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("cannot be read: Permission denied"), refused.errors.constData());
    QVERIFY2(refused.errors.contains("Run the command with sudo."), refused.errors.constData());
}

QTEST_GUILESS_MAIN(TestRights)
#include "tst_rights.moc"
