// The lock between real processes: children of this test take it and die.

#include "instancelock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace hearth;
using namespace hearth::status;

class TestInstanceLock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isTakenOnce();
    void namesItsHolder();
    void endsWithItsHolder();
    void isWonByOneOfMany();
    void keepsConfigurationsApart();
    void knowsAPathByAllItsSpellings();
    void knowsALinkToAFileThatIsYetToCome();
    void isMetInEveryEnvironment();
    void liesInTheRuntimeDirectory_data();
    void liesInTheRuntimeDirectory();
    void makesItsDirectoryForItsUserOnly();
    void saysWhenThereIsNoPlaceForIt();

private:
    QString config(const QString &name = QStringLiteral("publisher.yaml")) const { return m_directory->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

/// A process that takes the lock, tells whether it got it, and lives until it is killed.
class Child
{
public:
    /// `go`: a pipe on which it waits for a byte before it takes the lock; -1 for none.
    explicit Child(const QString &configFile, int go = -1)
    {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0)
            qFatal("no pipe");
        m_process = ::fork();
        if (m_process == 0) {
            char byte = 0;
            if (go >= 0 && ::read(go, &byte, 1) != 1)
                ::_exit(1);
            InstanceLock lock(configFile);
            byte = lock.take() ? 'y' : 'n';
            if (::write(pipe[1], &byte, 1) != 1)
                ::_exit(1);
            ::pause();
            ::_exit(0);
        }
        ::close(pipe[1]);
        m_answer = pipe[0];
    }

    ~Child() { kill(); }

    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    bool hasLock() const
    {
        char byte = 0;
        return ::read(m_answer, &byte, 1) == 1 && byte == 'y';
    }

    qint64 process() const { return m_process; }

    void kill()
    {
        if (m_process == 0)
            return;
        ::kill(m_process, SIGKILL);
        ::waitpid(m_process, nullptr, 0);
        ::close(m_answer);
        m_process = 0;
    }

private:
    pid_t m_process = 0;
    int m_answer = -1;
};

} // namespace

void TestInstanceLock::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_directory->path()));
    qunsetenv("RUNTIME_DIRECTORY");
}

void TestInstanceLock::isTakenOnce()
{
    InstanceLock lock(config());
    QVERIFY(!lock.isHeld());
    QVERIFY(lock.take());
    QVERIFY(lock.isHeld());
    QVERIFY(lock.take());

    InstanceLock second(config());
    const Result<void> taken = second.take();
    QVERIFY(!taken);
    QVERIFY(taken.error().code == ErrorCode::Conflict);
    QVERIFY(!second.isHeld());
    lock.release();
    QVERIFY(!lock.isHeld());
    QVERIFY(second.take());
}

void TestInstanceLock::namesItsHolder()
{
    InstanceLock lock(config());
    QVERIFY(!lock.holder());
    Child child(config());
    QVERIFY(child.hasLock());
    const std::optional<LockHolder> holder = lock.holder();
    QVERIFY(holder);
    QCOMPARE(holder->program, QStringLiteral("tst_instancelock"));
    QCOMPARE(holder->processId, child.process());
    const QString message = lock.take().error().message;
    QVERIFY2(message.contains(QStringLiteral("tst_instancelock (process %1)").arg(child.process())),
             qPrintable(message));
}

void TestInstanceLock::endsWithItsHolder()
{
    Child child(config());
    QVERIFY(child.hasLock());
    InstanceLock lock(config());
    QVERIFY(!lock.take());
    child.kill();
    QVERIFY(!lock.holder());
    QVERIFY(lock.take());
}

void TestInstanceLock::isWonByOneOfMany()
{
    for (int round = 0; round < 20; ++round) {
        std::array<int, 2> go{};
        QCOMPARE(::pipe(go.data()), 0);
        std::array<std::unique_ptr<Child>, 4> children;
        for (auto &child : children)
            child = std::make_unique<Child>(config(), go[0]);
        QCOMPARE(::write(go[1], "gogo", 4), 4);
        const auto winners = std::ranges::count_if(children, [](const auto &child) { return child->hasLock(); });
        ::close(go[0]);
        ::close(go[1]);
        QCOMPARE(winners, 1);
    }
}

void TestInstanceLock::keepsConfigurationsApart()
{
    InstanceLock one(config(QStringLiteral("one.yaml")));
    InstanceLock two(config(QStringLiteral("two.yaml")));
    QVERIFY(one.take());
    QVERIFY(two.take());
    QVERIFY(one.socketPath() != two.socketPath());
}

void TestInstanceLock::knowsAPathByAllItsSpellings()
{
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("real")));
    QVERIFY(QFile::link(config(QStringLiteral("real")), config(QStringLiteral("link"))));
    const QString plain = InstanceLock(config(QStringLiteral("real/new/publisher.yaml"))).socketPath();
    QCOMPARE(InstanceLock(config(QStringLiteral("real/../real/./new/publisher.yaml"))).socketPath(), plain);
    QCOMPARE(InstanceLock(config(QStringLiteral("link/new/publisher.yaml"))).socketPath(), plain);
    // The file may come later, and be a link itself.
    QVERIFY(QDir(config(QStringLiteral("real"))).mkdir(QStringLiteral("new")));
    QFile file(config(QStringLiteral("real/new/publisher.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(InstanceLock(file.fileName()).socketPath(), plain);
    QVERIFY(QFile::link(file.fileName(), config(QStringLiteral("linked.yaml"))));
    QCOMPARE(InstanceLock(config(QStringLiteral("linked.yaml"))).socketPath(), plain);
}

void TestInstanceLock::knowsALinkToAFileThatIsYetToCome()
{
    QVERIFY(QFile::link(config(QStringLiteral("real/publisher.yaml")), config(QStringLiteral("linked.yaml"))));
    const QString before = InstanceLock(config(QStringLiteral("linked.yaml"))).socketPath();
    QCOMPARE(InstanceLock(config(QStringLiteral("real/publisher.yaml"))).socketPath(), before);
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("real")));
    QFile file(config(QStringLiteral("real/publisher.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(InstanceLock(config(QStringLiteral("linked.yaml"))).socketPath(), before);
    // One that leads to itself is only a name.
    QVERIFY(QFile::link(config(QStringLiteral("loop.yaml")), config(QStringLiteral("loop.yaml"))));
    QVERIFY(InstanceLock(config(QStringLiteral("loop.yaml"))).take());
}

void TestInstanceLock::isMetInEveryEnvironment()
{
    InstanceLock lock(config());
    QVERIFY(lock.take());
    QTemporaryDir elsewhere;
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(elsewhere.path()));
    InstanceLock other(config());
    QVERIFY(other.socketPath() != lock.socketPath());
    const Result<void> taken = other.take();
    QVERIFY(!taken);
    QVERIFY(taken.error().code == ErrorCode::Conflict);
    const std::optional<LockHolder> holder = other.holder();
    QVERIFY(holder);
    QCOMPARE(holder->processId, QCoreApplication::applicationPid());
    QCOMPARE(holder->socketPath, lock.socketPath());
    lock.release();
    QVERIFY(!other.holder());
    QVERIFY(other.take());
}

void TestInstanceLock::liesInTheRuntimeDirectory_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<QByteArray>("runtime");
    QTest::addColumn<QString>("directory");

    QTest::newRow("service") << QByteArray("/run/hearth-publisher") << QByteArray("/run/user/7")
                             << QStringLiteral("/run/hearth-publisher/");
    QTest::newRow("severalOfAService") << QByteArray("/run/a:/run/b") << QByteArray() << QStringLiteral("/run/a/");
    QTest::newRow("user") << QByteArray() << QByteArray("/run/user/7") << QStringLiteral("/run/user/7/hearth/");
    const QFileInfo login(QStringLiteral("/run/user/%1").arg(::geteuid()));
    const QString otherwise = login.isDir() && login.ownerId() == ::geteuid() ? login.filePath() + u"/hearth/"
                                                                              : QStringLiteral("/var/state/hearth/");
    QTest::newRow("none") << QByteArray() << QByteArray() << otherwise;
    QTest::newRow("relative") << QByteArray("run") << QByteArray("user") << otherwise;
}

void TestInstanceLock::liesInTheRuntimeDirectory()
{
    QFETCH(QByteArray, service);
    QFETCH(QByteArray, runtime);
    QFETCH(QString, directory);

    qputenv("RUNTIME_DIRECTORY", service);
    qputenv("XDG_RUNTIME_DIR", runtime);
    qputenv("XDG_STATE_HOME", "/var/state");
    const QString path = InstanceLock(config()).socketPath();
    QVERIFY2(path.startsWith(directory), qPrintable(path));
    // A long directory is to leave room for it.
    QVERIFY2(path.size() - directory.size() <= 21, qPrintable(path));
}

void TestInstanceLock::makesItsDirectoryForItsUserOnly()
{
    InstanceLock lock(config());
    QVERIFY(lock.take());
    const QFileDevice::Permissions all = QFile::permissions(m_directory->filePath(QStringLiteral("hearth")));
    constexpr QFileDevice::Permissions others = QFileDevice::ReadGroup | QFileDevice::WriteGroup |
                                                QFileDevice::ExeGroup | QFileDevice::ReadOther |
                                                QFileDevice::WriteOther | QFileDevice::ExeOther;
    QVERIFY(!(all & others));
}

void TestInstanceLock::saysWhenThereIsNoPlaceForIt()
{
    QFile file(m_directory->filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(file.fileName()));
    InstanceLock lock(config());
    const Result<void> taken = lock.take();
    QVERIFY(!taken);
    QVERIFY(taken.error().code == ErrorCode::Io);
    QVERIFY2(taken.error().message.contains(file.fileName()), qPrintable(taken.error().message));
    QVERIFY(!lock.holder());
}

QTEST_GUILESS_MAIN(TestInstanceLock)
#include "tst_instancelock.moc"
