// Where the publisher's own key is said to be: keyStore, keyFile, and both together.

#include "configuration.h"
#include "publisherconfig.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

class TestKeyStoreConfig final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void warnsAtStartOnly();

private:
    Result<SettingValues> load(const QString &yaml, const QStringList &flags = {}) const;

    QTemporaryDir m_directory;
    QString m_key = m_directory.filePath(QStringLiteral("publisher.key"));
};

void TestKeyStoreConfig::initTestCase()
{
    QFile file(m_key);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("hk_secret\n") > 0);
    QVERIFY(file.setPermissions(QFileDevice::ReadOwner | QFileDevice::ReadOther));
}

Result<SettingValues> TestKeyStoreConfig::load(const QString &yaml, const QStringList &flags) const
{
    ConfigurationSources sources{.file = QStringLiteral("p.yaml"),
                                 .text = QString(yaml).replace(QStringLiteral("KEY"), m_key).toUtf8()};
    for (const QString &file : flags)
        sources.flags.append({QStringLiteral("keyFile"), QString(file).replace(QStringLiteral("KEY"), m_key)});
    return loadConfiguration(publisherSettingTable(), sources);
}

void TestKeyStoreConfig::reads_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<bool>("isKeyring");
    const QStringList flag{QStringLiteral("KEY")};
    QTest::newRow("file") << QStringLiteral("keyFile: KEY") << QStringList() << false;
    QTest::newRow("file, said so") << QStringLiteral("keyStore: file\nkeyFile: KEY") << QStringList() << false;
    QTest::newRow("flag") << QString() << flag << false;
    QTest::newRow("keyring") << QStringLiteral("keyStore: keyring") << QStringList() << true;
    QTest::newRow("keyring, empty file") << QStringLiteral("keyStore: keyring\nkeyFile: ''") << QStringList() << true;
    QTest::newRow("flag goes before keyring") << QStringLiteral("keyStore: keyring") << flag << false;
}

void TestKeyStoreConfig::reads()
{
    QFETCH(QString, yaml);
    QFETCH(QStringList, flags);
    QFETCH(bool, isKeyring);
    const auto values = load(yaml, flags);
    QVERIFY(values.ok());
    const auto settings = readPublisherSettings(*values, {});
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QVERIFY(settings->keyStore == (isKeyring ? KeyStore::Keyring : KeyStore::File));
    QCOMPARE(settings->keyFile, isKeyring ? QString() : m_key);
}

void TestKeyStoreConfig::refuses_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("message");
    const QString required =
        QStringLiteral("keyFile: is required; set it in the configuration file or with --key-file");
    QTest::newRow("nothing") << QString() << required;
    QTest::newRow("empty") << QStringLiteral("keyFile: ''") << QString(u"p.yaml:1: " + required);
    QTest::newRow("file without keyFile") << QStringLiteral("keyStore: file") << required;
    QTest::newRow("both") << QStringLiteral("keyStore: keyring\nkeyFile: KEY")
                          << QStringLiteral("p.yaml:2: keyFile: must not be set beside \"keyStore: keyring\"; remove "
                                            "one of them");
    QTest::newRow("empty key file") << QStringLiteral("keyFile: /dev/null")
                                    << QStringLiteral("p.yaml:1: keyFile: The key file /dev/null is empty. Make a key "
                                                      "on the server with \"hearthd key create --name NAME --scope "
                                                      "publish\" and put it there.");
    QTest::newRow("missing") << QStringLiteral("keyFile: /nonexistent/key")
                             << QStringLiteral("p.yaml:1: keyFile: The key file /nonexistent/key cannot be read: No "
                                               "such file or directory. Make a key on the server with \"hearthd key "
                                               "create --name NAME --scope publish\" and put it there.");
}

void TestKeyStoreConfig::refuses()
{
    QFETCH(QString, yaml);
    QFETCH(QString, message);
    const auto values = load(yaml);
    QVERIFY(values.ok());
    const auto settings = readPublisherSettings(*values, {});
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().message, message);
}

void TestKeyStoreConfig::warnsAtStartOnly()
{
    const auto values = load(QStringLiteral("keyFile: KEY"));
    QVERIFY(values.ok());
    QTest::ignoreMessage(QtWarningMsg, qPrintable(QStringLiteral("Every user of this machine can read the key file %1. "
                                                                 "Run: chmod o-rwx %1")
                                                      .arg(m_key)));
    QVERIFY(readPublisherSettings(*values, {}).ok());
    // A text that is judged with each key stroke does not fill the log.
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QList<ConfigProblem> problems;
    QCOMPARE(readPublisherSettings(*values, {}, problems).keyFile, m_key);
    QVERIFY(problems.isEmpty());
}

QTEST_APPLESS_MAIN(TestKeyStoreConfig)
#include "tst_keystoreconfig.moc"
