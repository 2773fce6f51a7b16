#include "keystore.h"
#include "memorykeystore.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace hearth;
using namespace hearth::platform;
using testsupport::MemoryKeyStore;

class TestKeyStore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void entryNamesTheFile();
    void keyringComesFirst();
    void fileWhereThereIsNoKeyring();
    void fileTakesThePlaceOfAnOlderOne();
    void configurationsOfOneFolderHaveTheirOwnFiles();
    void neverTheFileOfAnother_data();
    void neverTheFileOfAnother();
    void lockedKeyringIsNoReasonForAFile();
    void fileThatCannotBeWritten();

private:
    /// Where the configuration names this key file.
    Result<StoredKey> store(const QByteArray &key, const QString &named = {});
    QByteArray keyFileContent() const;

    std::unique_ptr<QTemporaryDir> m_home;
    QString m_directory;
    QString m_configFile;
    QString m_keyFile;
    MemoryKeyStore m_keys;
};

void TestKeyStore::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_directory = m_home->filePath(QStringLiteral("config/hearth"));
    m_configFile = m_directory + QStringLiteral("/publisher.yaml");
    m_keyFile = m_directory + QStringLiteral("/publisher.key");
    m_keys.state = MemoryKeyStore::State::Open;
    m_keys.keys.clear();
}

Result<StoredKey> TestKeyStore::store(const QByteArray &key, const QString &named)
{
    std::optional<Result<StoredKey>> stored;
    storeKey(m_keys, m_configFile, named, key, [&](const Result<StoredKey> &answer) { stored = answer; });
    if (!QTest::qWaitFor([&] { return stored.has_value(); }))
        return Error{ErrorCode::Internal, QStringLiteral("storeKey() has not answered.")};
    return *stored;
}

QByteArray TestKeyStore::keyFileContent() const
{
    QFile file(m_keyFile);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestKeyStore::entryNamesTheFile()
{
    QCOMPARE(keyEntry(QStringLiteral("/a/b/../publisher.yaml")), QStringLiteral("publisher:/a/publisher.yaml"));
    QVERIFY(keyEntry(QStringLiteral("/a/publisher.yaml")) != keyEntry(QStringLiteral("/b/publisher.yaml")));
}

void TestKeyStore::keyringComesFirst()
{
    const Result<StoredKey> stored = store("hk_first");
    QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
    QVERIFY(stored->file.isEmpty());
    QVERIFY(!stored->notice.isEmpty());
    QCOMPARE(m_keys.keys.value(keyEntry(m_configFile)), "hk_first");
    QVERIFY2(!QFile::exists(m_keyFile), "A key that is in the keyring stands in a file, too.");
}

void TestKeyStore::fileWhereThereIsNoKeyring()
{
    m_keys.state = MemoryKeyStore::State::Missing;
    // With this mask whatever is made with the usual permissions would be open to everybody.
    const mode_t mask = ::umask(0);
    const Result<StoredKey> stored = store("hk_first");
    ::umask(mask);
    QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
    QCOMPARE(stored->file, m_keyFile);
    QVERIFY2(stored->notice.contains(m_keyFile), qPrintable(stored->notice));
    QVERIFY2(stored->notice.contains(QLatin1String("The test has no keyring.")), qPrintable(stored->notice));
    QVERIFY(!stored->notice.contains(QLatin1String("hk_first")));
    QCOMPARE(keyFileContent(), "hk_first\n");

    struct stat file = {};
    struct stat directory = {};
    QCOMPARE(::stat(QFile::encodeName(m_keyFile).constData(), &file), 0);
    QCOMPARE(::stat(QFile::encodeName(m_directory).constData(), &directory), 0);
    QCOMPARE(file.st_mode & 07777, 0600U);
    QCOMPARE(directory.st_mode & 07777, 0700U);
    QCOMPARE(QDir(m_directory).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("publisher.key")});
}

void TestKeyStore::fileTakesThePlaceOfAnOlderOne()
{
    m_keys.state = MemoryKeyStore::State::Missing;
    QVERIFY(store("hk_first"));
    // Somebody who has the old file open must not see the new key through it.
    QFile old(m_keyFile);
    QVERIFY(old.open(QIODevice::ReadOnly));
    QVERIFY(QFile::setPermissions(m_keyFile, QFileDevice::ReadOwner | QFileDevice::ReadOther));
    QVERIFY(store("hk_second", m_keyFile));
    QCOMPARE(old.readAll(), "hk_first\n");
    QCOMPARE(keyFileContent(), "hk_second\n");
    QVERIFY(!(QFile::permissions(m_keyFile) & QFileDevice::ReadOther));
}

void TestKeyStore::configurationsOfOneFolderHaveTheirOwnFiles()
{
    m_keys.state = MemoryKeyStore::State::Missing;
    QVERIFY(store("hk_first"));
    m_configFile = m_directory + QStringLiteral("/work.box.yaml");
    const Result<StoredKey> stored = store("hk_work");
    QVERIFY(stored);
    QCOMPARE(stored->file, m_directory + QStringLiteral("/work.box.key"));
    QCOMPARE(keyFileContent(), "hk_first\n");
}

void TestKeyStore::neverTheFileOfAnother_data()
{
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("file");
    QTest::newRow("no key file yet") << QString() << QStringLiteral("publisher-2.key");
    QTest::newRow("another one") << QStringLiteral("/etc/hearth/publisher.key") << QStringLiteral("publisher-2.key");
    QTest::newRow("itself") << QStringLiteral("publisher.key") << QStringLiteral("publisher.key");
}

void TestKeyStore::neverTheFileOfAnother()
{
    QFETCH(QString, named);
    QFETCH(QString, file);
    m_keys.state = MemoryKeyStore::State::Missing;
    QVERIFY(store("hk_other"));
    for (const char *key : {"hk_first", "hk_second"}) {
        const Result<StoredKey> stored = store(key, named);
        QVERIFY(stored);
        QCOMPARE(stored->file, m_directory + u'/' + file);
        // From then on it is named.
        named = stored->file;
        QFile written(stored->file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), QByteArray(key) + '\n');
    }
    QCOMPARE(keyFileContent() == "hk_other\n", file != QStringLiteral("publisher.key"));
}

void TestKeyStore::lockedKeyringIsNoReasonForAFile()
{
    m_keys.state = MemoryKeyStore::State::Locked;
    const Result<StoredKey> stored = store("hk_first");
    QVERIFY(!stored);
    QCOMPARE(toString(stored.error().code), toString(ErrorCode::Conflict));
    QVERIFY(!QFile::exists(m_keyFile));
}

void TestKeyStore::fileThatCannotBeWritten()
{
    m_keys.state = MemoryKeyStore::State::Missing;
    QVERIFY(QDir().mkpath(m_home->filePath(QStringLiteral("config"))));
    QFile inTheWay(m_directory);
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const Result<StoredKey> stored = store("hk_first");
    QVERIFY(!stored);
    QCOMPARE(toString(stored.error().code), toString(ErrorCode::Io));
    QVERIFY2(stored.error().message.contains(m_keyFile), qPrintable(stored.error().message));
    QVERIFY(!stored.error().message.contains(QLatin1String("hk_first")));
}

QTEST_GUILESS_MAIN(TestKeyStore)

#include "tst_keystore.moc"
