#include "configfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <functional>
#include <sys/resource.h>

using namespace hearth;
using namespace hearth::draft;
using namespace std::chrono_literals;

namespace {

using Edit = std::function<void(const QString &path)>;

constexpr ConfigFileSettings quick{.settle = 20ms, .maxBytes = 1024 * 1024};
/// For what must not happen: several times what it would take.
constexpr int quietMilliseconds = 200;

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

void renameOver(const QString &path, const QByteArray &content)
{
    write(path + u".new", content);
    if (::rename(qPrintable(path + u".new"), qPrintable(path)) != 0)
        qFatal("cannot rename");
}

/// No file may grow beyond this while it lives: as if the disk were full.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
        : m_handler(::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        ::signal(SIGXFSZ, m_handler);
    }

    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    sighandler_t m_handler;
    rlimit m_before{};
};

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestConfigFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void reads();
    void refusesLargeFiles();
    void makesFileAndDirectory();
    void keepsPermissions();
    void replacesBehindLinks_data();
    void replacesBehindLinks();
    void doesNotOverwriteOthers();
    void keepsTheOldFileOnAFullDisk();
    void saysWhyItCannotSave_data();
    void saysWhyItCannotSave();
    void noticesEdits_data();
    void noticesEdits();
    void noticesEditsBehindLinks_data();
    void noticesEditsBehindLinks();
    void noticesANewDirectory();
    void tellsOnceAfterItIsQuiet();
    void ignoresItsOwnSavesAndOtherFiles();

private:
    QString path(const char *name) const { return m_directory->filePath(QString::fromLatin1(name)); }

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

void TestConfigFile::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = path("publisher.yaml");
}

void TestConfigFile::reads()
{
    ConfigFile file(m_path, m_clock, quick);
    QVERIFY(!file.exists());
    const auto missing = file.read();
    QVERIFY(!missing.ok());
    QVERIFY(missing.error().code == ErrorCode::Io);
    QCOMPARE(missing.error().message, m_path + u" cannot be read: No such file or directory.");
    write(m_path, "a: 1\n");
    QVERIFY(file.exists());
    QCOMPARE(file.read().value(), QByteArray("a: 1\n"));
}

void TestConfigFile::refusesLargeFiles()
{
    write(m_path, QByteArray(11, '#'));
    ConfigFile file(m_path, m_clock, {.settle = 20ms, .maxBytes = 10});
    QCOMPARE(file.read().error().message, m_path + u" is larger than 10 bytes.");
    write(m_path, QByteArray(10, '#'));
    QVERIFY(file.read().ok());
}

void TestConfigFile::makesFileAndDirectory()
{
    const QString deep = path("a/b/publisher.yaml");
    ConfigFile file(deep, m_clock, quick);
    QVERIFY(file.save("a: 1\n", {}).ok());
    QCOMPARE(contentOf(deep), QByteArray("a: 1\n"));
    const auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    const auto owners = ownerOnly | QFileDevice::ReadUser | QFileDevice::WriteUser;
    QCOMPARE(QFileInfo(deep).permissions() | owners, QFileDevice::Permissions(owners));
    for (const char *directory : {"a", "a/b"})
        QCOMPARE(QFileInfo(path(directory)).permissions() | owners | QFileDevice::ExeUser | QFileDevice::ExeOwner,
                 QFileDevice::Permissions(owners | QFileDevice::ExeUser | QFileDevice::ExeOwner));
}

void TestConfigFile::keepsPermissions()
{
    write(m_path, "a: 1\n");
    const auto shared = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup;
    QVERIFY(QFile::setPermissions(m_path, shared));
    const auto before = QFileInfo(m_path).permissions();
    ConfigFile file(m_path, m_clock, quick);
    QVERIFY(file.read().ok());
    QVERIFY(file.save("a: 2\n", "a: 1\n").ok());
    QCOMPARE(QFileInfo(m_path).permissions(), before);
    QCOMPARE(contentOf(m_path), QByteArray("a: 2\n"));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestConfigFile::replacesBehindLinks_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("absolute") << path("") + QStringLiteral("/shared/real.yaml") << true;
    QTest::newRow("relative") << QStringLiteral("shared/real.yaml") << true;
    QTest::newRow("dangling") << QStringLiteral("shared/real.yaml") << false;
}

void TestConfigFile::replacesBehindLinks()
{
    QFETCH(QString, link);
    QFETCH(bool, isThere);
    const QString real = path("shared/real.yaml");
    if (link.startsWith(u'/'))
        link = real;
    if (isThere) {
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("shared")));
        write(real, "a: 1\n");
    }
    QVERIFY(QFile::link(link, m_path));
    ConfigFile file(m_path, m_clock, quick);
    QCOMPARE(file.read().ok(), isThere);
    const auto saved = file.save("a: 2\n", isThere ? "a: 1\n" : "");
    QVERIFY2(saved.ok(), saved.ok() ? "" : qPrintable(saved.error().message));
    QVERIFY(QFileInfo(m_path).isSymLink());
    QCOMPARE(contentOf(real), QByteArray("a: 2\n"));
}

void TestConfigFile::doesNotOverwriteOthers()
{
    write(m_path, "a: 1\n");
    ConfigFile file(m_path, m_clock, quick);
    QVERIFY(file.save("a: 2\n", {}).error().code == ErrorCode::Conflict);
    QCOMPARE(contentOf(m_path), QByteArray("a: 1\n"));
    // Whoever has read the file in between does not know what this text was made of.
    write(m_path, "a: 3\n");
    QVERIFY(file.read().ok());
    QVERIFY(file.save("a: 2\n", "a: 1\n").error().code == ErrorCode::Conflict);
    QCOMPARE(contentOf(m_path), QByteArray("a: 3\n"));
    QVERIFY(QFile::remove(m_path));
    QVERIFY(file.save("a: 2\n", "a: 3\n").error().code == ErrorCode::Conflict);
    QVERIFY(!QFileInfo::exists(m_path));
    QVERIFY(file.save("a: 2\n", {}).ok());
    QVERIFY(file.save("a: 4\n", "a: 2\n").ok());
    QCOMPARE(contentOf(m_path), QByteArray("a: 4\n"));
}

void TestConfigFile::keepsTheOldFileOnAFullDisk()
{
    write(m_path, "a: 1\n");
    ConfigFile file(m_path, m_clock, quick);
    QVERIFY(file.read().ok());
    for (const qsizetype size : {2'000, 2'000'000}) {
        const FullDisk fullDisk(1'000);
        const auto saved = file.save(QByteArray(size, '#'), "a: 1\n");
        QVERIFY(!saved.ok());
        QVERIFY(saved.error().code == ErrorCode::Io);
        QCOMPARE(saved.error().message, m_path + u" cannot be written: File too large; it is as it was before.");
    }
    QCOMPARE(contentOf(m_path), QByteArray("a: 1\n"));
    QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    QVERIFY(file.save("a: 2\n", "a: 1\n").ok());
}

void TestConfigFile::saysWhyItCannotSave_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("message");
    // Not even root makes files there.
    QTest::newRow("unwritable directory") << QStringLiteral("/proc/self/publisher.yaml")
                                          << QStringLiteral("/proc/self/publisher.yaml cannot be written: ");
    QTest::newRow("no directory") << QStringLiteral("/proc/self/none/publisher.yaml")
                                  << QStringLiteral("/proc/self/none/publisher.yaml cannot be written: the directory "
                                                    "/proc/self/none cannot be made.");
    QTest::newRow("file for a directory") << QStringLiteral("/etc/passwd/publisher.yaml")
                                          << QStringLiteral("/etc/passwd/publisher.yaml cannot be written: the "
                                                            "directory /etc/passwd cannot be made.");
}

void TestConfigFile::saysWhyItCannotSave()
{
    QFETCH(QString, file);
    QFETCH(QString, message);
    ConfigFile config(file, m_clock, quick);
    const auto saved = config.save("a: 1\n", {});
    QVERIFY(!saved.ok());
    QVERIFY(saved.error().code == ErrorCode::Io);
    QVERIFY2(saved.error().message.startsWith(message), qPrintable(saved.error().message));
}

void TestConfigFile::noticesEdits_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QByteArray>("content");
    const auto row = [](const char *name, const Edit &edit, const QByteArray &content) {
        QTest::newRow(name) << edit << content;
    };
    row(
        "in place", [](const QString &file) { write(file, "b: 2\n"); }, "b: 2\n");
    row(
        "by renaming", [](const QString &file) { renameOver(file, "b: 2\n"); }, "b: 2\n");
    row(
        "by removing first",
        [](const QString &file) {
            QFile::remove(file);
            write(file, "b: 2\n");
        },
        "b: 2\n");
    row(
        "gone", [](const QString &file) { QFile::remove(file); }, "(none)");
}

void TestConfigFile::noticesEdits()
{
    QFETCH(Edit, edit);
    QFETCH(QByteArray, content);
    write(m_path, "a: 1\n");
    ConfigFile file(m_path, m_clock, quick);
    QSignalSpy changed(&file, &ConfigFile::changedOnDisk);
    // More than once: each kind leaves the watches in another state.
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(file.read().ok());
        edit(m_path);
        QTRY_COMPARE(changed.size(), i);
        QCOMPARE(contentOf(m_path), content);
        QCOMPARE(file.read().ok(), file.exists());
        renameOver(m_path, "a: " + QByteArray::number(i) + '\n');
        QTRY_COMPARE(changed.size(), i + 1);
        changed.removeLast();
    }
}

void TestConfigFile::noticesEditsBehindLinks_data()
{
    noticesEdits_data();
}

void TestConfigFile::noticesEditsBehindLinks()
{
    QFETCH(Edit, edit);
    QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("shared")));
    const QString real = path("shared/real.yaml");
    write(real, "a: 1\n");
    QVERIFY(QFile::link(real, m_path));
    ConfigFile file(m_path, m_clock, quick);
    QVERIFY(file.read().ok());
    QSignalSpy changed(&file, &ConfigFile::changedOnDisk);
    edit(real);
    QTRY_COMPARE(changed.size(), 1);
}

void TestConfigFile::noticesANewDirectory()
{
    const QString deep = path("a/b/publisher.yaml");
    ConfigFile file(deep, m_clock, quick);
    QSignalSpy changed(&file, &ConfigFile::changedOnDisk);
    QVERIFY(QDir(m_directory->path()).mkpath(QStringLiteral("a/b")));
    write(deep, "a: 1\n");
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(file.read().ok());
    write(deep, "a: 2\n");
    QTRY_COMPARE(changed.size(), 2);
}

void TestConfigFile::tellsOnceAfterItIsQuiet()
{
    write(m_path, "a: 1\n");
    FakeClock clock;
    ConfigFile file(m_path, clock, {.settle = 200ms});
    QVERIFY(file.read().ok());
    QSignalSpy changed(&file, &ConfigFile::changedOnDisk);
    QFileSystemWatcher seen({m_path});
    QSignalSpy touched(&seen, &QFileSystemWatcher::fileChanged);
    for (const char *half : {"a:", "a: 2", "a: 2\nb: 3\n"}) {
        touched.clear();
        write(m_path, half);
        QTRY_VERIFY(!touched.isEmpty());
        clock.advance(150ms);
        QVERIFY(changed.isEmpty());
    }
    QTRY_VERIFY((clock.advance(200ms), !changed.isEmpty()));
    QCOMPARE(changed.size(), 1);
    // The same content again is no change, and neither is what was known before.
    write(m_path, "a: 2\nb: 3\n");
    QTest::qWait(quietMilliseconds);
    clock.advance(1s);
    QCOMPARE(changed.size(), 1);
}

void TestConfigFile::ignoresItsOwnSavesAndOtherFiles()
{
    ConfigFile file(m_path, m_clock, quick);
    QSignalSpy changed(&file, &ConfigFile::changedOnDisk);
    QVERIFY(file.save("a: 1\n", {}).ok());
    write(path("other"), "x");
    QVERIFY(file.save("a: 2\n", "a: 1\n").ok());
    QTest::qWait(quietMilliseconds);
    QVERIFY(changed.isEmpty());
    write(m_path, "a: 3\n");
    QTRY_COMPARE(changed.size(), 1);
}

QTEST_GUILESS_MAIN(TestConfigFile)
#include "tst_configfile.moc"
