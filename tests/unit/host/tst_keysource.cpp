// The key of a publisher: in a file, or in a keyring that may be locked.

#include "keysource.h"
#include "memorykeystore.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::host;
using namespace std::chrono_literals;
using hearth::testsupport::MemoryKeyStore;

class TestKeySource final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsAFileEachTime();
    void saysThatAFileIsMissing();
    void asksTheKeyring();
    void asksALockedKeyringAgain();
    void saysThatAKeyringHasNoKey();
    void looksAgainWhenAKeyWasStored();
    void forgetsTheKeyringForAFile();

private:
    void useKeyring();
    void useFile();

    QTemporaryDir m_directory;
    FakeClock m_clock;
    MemoryKeyStore m_keys;
    std::unique_ptr<KeySource> m_source;
    std::unique_ptr<QSignalSpy> m_changed;
    const QString m_configFile = QStringLiteral("/etc/hearth/publisher.yaml");
};

void TestKeySource::init()
{
    m_keys.state = MemoryKeyStore::State::Open;
    m_keys.keys = {{platform::keyEntry(m_configFile), "hk_ring"}};
    m_source = std::make_unique<KeySource>(m_keys, m_clock, 30s);
    m_changed = std::make_unique<QSignalSpy>(m_source.get(), &KeySource::changed);
}

void TestKeySource::useKeyring()
{
    publisher::PublisherSettings settings;
    settings.keyStore = publisher::KeyStore::Keyring;
    m_source->use(settings, m_configFile);
}

void TestKeySource::useFile()
{
    publisher::PublisherSettings settings;
    settings.keyFile = m_directory.filePath(QStringLiteral("publisher.key"));
    m_source->use(settings, m_configFile);
}

void TestKeySource::readsAFileEachTime()
{
    QFile file(m_directory.filePath(QStringLiteral("publisher.key")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("hk_one\n");
    file.close();
    useFile();
    QVERIFY(!m_source->isInKeyring());
    QCOMPARE(m_source->key().value(), QByteArray("hk_one"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("hk_two\n");
    file.close();
    QCOMPARE(m_source->key().value(), QByteArray("hk_two"));
    QVERIFY(file.remove());
}

void TestKeySource::saysThatAFileIsMissing()
{
    useFile();
    const Result<QByteArray> key = m_source->key();
    QVERIFY(!key);
    QVERIFY(key.error().code == ErrorCode::Configuration);
    QVERIFY(!m_source->keyringProblem());
}

void TestKeySource::asksTheKeyring()
{
    useKeyring();
    QVERIFY(m_source->isInKeyring());
    const Result<QByteArray> early = m_source->key();
    QVERIFY(!early);
    QVERIFY(!m_source->keyringProblem());
    QVERIFY(m_changed->wait());
    QCOMPARE(m_source->key().value(), QByteArray("hk_ring"));
}

void TestKeySource::asksALockedKeyringAgain()
{
    m_keys.state = MemoryKeyStore::State::Locked;
    useKeyring();
    QVERIFY(m_changed->wait());
    QVERIFY(!m_source->key());
    QVERIFY(m_source->keyringProblem());
    QVERIFY(m_source->keyringProblem()->code == ErrorCode::Conflict);

    m_keys.state = MemoryKeyStore::State::Open;
    m_clock.advance(29s);
    QCoreApplication::processEvents();
    QCOMPARE(m_changed->count(), 1);
    m_clock.advance(1s);
    QVERIFY(m_changed->wait());
    QVERIFY(!m_source->keyringProblem());
    QCOMPARE(m_source->key().value(), QByteArray("hk_ring"));
}

void TestKeySource::saysThatAKeyringHasNoKey()
{
    m_keys.keys.clear();
    useKeyring();
    QVERIFY(m_changed->wait());
    QVERIFY(m_source->keyringProblem());
    QVERIFY(m_source->keyringProblem()->code == ErrorCode::NotFound);
}

void TestKeySource::looksAgainWhenAKeyWasStored()
{
    useKeyring();
    QVERIFY(m_changed->wait());
    m_keys.keys[platform::keyEntry(m_configFile)] = "hk_new";
    m_source->lookAgain();
    // Until the keyring has answered the old one is as good as any.
    QCOMPARE(m_source->key().value(), QByteArray("hk_ring"));
    QVERIFY(m_changed->wait());
    QCOMPARE(m_source->key().value(), QByteArray("hk_new"));
}

void TestKeySource::forgetsTheKeyringForAFile()
{
    m_keys.state = MemoryKeyStore::State::Locked;
    useKeyring();
    QVERIFY(m_changed->wait());
    useFile();
    QVERIFY(!m_source->keyringProblem());
    const qsizetype changes = m_changed->count();
    m_clock.advance(1min);
    QCoreApplication::processEvents();
    QCOMPARE(m_changed->count(), changes);
}

QTEST_GUILESS_MAIN(TestKeySource)
#include "tst_keysource.moc"
