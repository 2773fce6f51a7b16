// Key files: what is read from one, and what a person is told whose file is no good.

#include "keyfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

class TestKeyFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsOneKey();
    void refusesBadKeyFiles_data();
    void refusesBadKeyFiles();
    void saysHowToMakeThePublishersKey_data();
    void saysHowToMakeThePublishersKey();
    void warnsOfReadableKeyFiles();

private:
    QString write(const QString &name, const QByteArray &content) const;

    const QTemporaryDir m_directory;
};

QString TestKeyFile::write(const QString &name, const QByteArray &content) const
{
    const QString path = m_directory.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return path;
}

void TestKeyFile::readsOneKey()
{
    const auto key = readKeyFile(write(QStringLiteral("good.key"), " hk_secret\r\n"));
    QVERIFY(key.ok());
    QCOMPARE(*key, QByteArray("hk_secret"));
}

void TestKeyFile::refusesBadKeyFiles_data()
{
    QTest::addColumn<QByteArray>("content");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("whiteSpace") << QByteArray(" \n\t");
    QTest::newRow("twoKeys") << QByteArray("hk_one\nhk_two\n");
    QTest::newRow("binary") << QByteArray("hk_\x01", 4);
    QTest::newRow("huge") << QByteArray(5000, 'x');
}

void TestKeyFile::refusesBadKeyFiles()
{
    QFETCH(QByteArray, content);

    const auto key = readKeyFile(write(QStringLiteral("bad.key"), content));
    QVERIFY(!key.ok());
    QVERIFY(key.error().code == ErrorCode::Configuration);
    QVERIFY(key.error().message.contains(QStringLiteral("bad.key")));
    QVERIFY(key.error().message.endsWith(QStringLiteral("It must hold one key and nothing else.")));
    QVERIFY(!key.error().message.contains(QStringLiteral("hk_one")));
}

void TestKeyFile::saysHowToMakeThePublishersKey_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isMissing");

    QTest::newRow("missing") << QByteArray() << true;
    QTest::newRow("empty") << QByteArray("\n") << false;
}

void TestKeyFile::saysHowToMakeThePublishersKey()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, isMissing);

    const QString path =
        isMissing ? m_directory.filePath(QStringLiteral("no.key")) : write(QStringLiteral("own.key"), content);
    const QString command = QStringLiteral("hearthd key create --name NAME --scope publish");
    const auto own = readPublisherKey(path);
    QVERIFY(!own.ok());
    QVERIFY2(own.error().message.contains(command), qPrintable(own.error().message));
    // Nobody makes the key of a backend there.
    const auto ofBackend = readKeyFile(path);
    QVERIFY(!ofBackend.ok());
    QVERIFY2(!ofBackend.error().message.contains(command), qPrintable(ofBackend.error().message));
}

void TestKeyFile::warnsOfReadableKeyFiles()
{
    const QString path = write(QStringLiteral("my open.key"), "hk_secret");
    QVERIFY(keyFileWarning(path).isEmpty());
    QVERIFY(QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::ReadGroup));
    QVERIFY(keyFileWarning(path).isEmpty());
    QVERIFY(QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::ReadOther));
    // The group may be that of the service, which has to go on reading it.
    QVERIFY2(keyFileWarning(path).endsWith(QStringLiteral("Run: chmod o-rwx '%1'").arg(path)),
             qPrintable(keyFileWarning(path)));
}

QTEST_APPLESS_MAIN(TestKeyFile)
#include "tst_keyfile.moc"
