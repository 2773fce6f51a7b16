#include "configreload.h"
#include "publisherfixture.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace hearth;
using namespace hearth::headless;

class TestConfigReload final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesOverWhatHasChanged();
    void keepsEverythingWhileTheFileIsBroken();
    void keepsEverythingWhileTheUsualFileIsGone();
    void warnsWhenNothingIsPublishedAnyMore();
    void saysWhatNeedsARestart_data();
    void saysWhatNeedsARestart();
};

namespace {

const QString configFile = QStringLiteral("hearth/publisher.yaml");

/// A publisher that runs from its user's file, which nobody has named.
class ReloadFixture : public PublisherFixture
{
public:
    ReloadFixture()
    {
        qputenv("XDG_CONFIG_HOME", directory.path().toUtf8());
        if (!QDir(directory.path()).mkdir(QStringLiteral("hearth")))
            qFatal("cannot make a folder for the test");
        put(QStringLiteral("a.key"), "hk_test\n");
        put(QStringLiteral("b.key"), "hk_test\n");
        write("http://a.example.org", "a.key", {"first"});
        const Result<RunConfiguration> configuration = reader().read();
        if (!configuration)
            qFatal("%s", qPrintable(configuration.error().message));
        settings = configuration->settings;
        m_values = configuration->values;
    }

    ConfigReload reload() const { return {*publisher, reader(), *m_values}; }

    QString file() const { return directory.filePath(configFile); }

    /// With these models, published.
    void write(const QByteArray &serverUrl, const QByteArray &keyFile, const QByteArrayList &models,
               const QByteArray &publish = "true")
    {
        QByteArray text = "server: " + serverUrl + "\nkeyFile: " + path(keyFile) + "\nllms:\n";
        for (const QByteArray &model : models)
            text += "  - {name: " + model + ", url: \"" + backend.url() + "\", publish: " + publish + "}\n";
        put(configFile, text);
    }

    void put(const QString &name, const QByteArray &content)
    {
        QFile file(directory.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write a file for the test");
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }

    static ConfigurationReader reader() { return ConfigurationReader(PublishOptions()); }

    QStringList published() const
    {
        QStringList names;
        for (const publisher::PublishedLlm &llm : publisher->llms())
            names.append(llm.settings.name);
        return names;
    }

private:
    std::optional<SettingValues> m_values;

    QByteArray path(const QByteArray &name) const { return directory.filePath(QString::fromUtf8(name)).toUtf8(); }
};

const QStringList firstOnly{QStringLiteral("first")};

} // namespace

void TestConfigReload::takesOverWhatHasChanged()
{
    ReloadFixture fixture;
    fixture.make();
    ConfigReload reload = fixture.reload();
    fixture.write("http://a.example.org", "a.key", {"first", "second"});
    QCOMPARE(fixture.published(), firstOnly);
    const Result<QString> outcome = reload.reload();
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
    QVERIFY2(outcome->contains(QStringLiteral("2 of 2 entries")), qPrintable(*outcome));
    QCOMPARE(fixture.published(), QStringList({QStringLiteral("first"), QStringLiteral("second")}));
}

void TestConfigReload::keepsEverythingWhileTheFileIsBroken()
{
    ReloadFixture fixture;
    fixture.make();
    ConfigReload reload = fixture.reload();
    fixture.put(configFile, "server: http://a.example.org\nlllms: []\n");
    const Result<QString> outcome = reload.reload();
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code == ErrorCode::Configuration);
    QVERIFY2(outcome.error().message.contains(QStringLiteral("publisher.yaml:2: lllms")),
             qPrintable(outcome.error().message));
    QCOMPARE(fixture.published(), firstOnly);
}

void TestConfigReload::keepsEverythingWhileTheUsualFileIsGone()
{
    ReloadFixture fixture;
    fixture.make();
    ConfigReload reload = fixture.reload();
    QVERIFY(reload.reload());
    QVERIFY(QFile::remove(fixture.file()));
    const Result<QString> outcome = reload.reload();
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code == ErrorCode::Configuration);
    QVERIFY2(outcome.error().message.startsWith(fixture.file()), qPrintable(outcome.error().message));
    QCOMPARE(fixture.published(), firstOnly);
}

void TestConfigReload::warnsWhenNothingIsPublishedAnyMore()
{
    ReloadFixture fixture;
    fixture.make();
    ConfigReload reload = fixture.reload();
    fixture.write("http://a.example.org", "a.key", {"first"}, "false");
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("^Nothing is published any more: ")));
    const Result<QString> outcome = reload.reload();
    // Nobody's wish to withdraw everything is refused.
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
    QCOMPARE(fixture.published(), QStringList());
}

void TestConfigReload::saysWhatNeedsARestart_data()
{
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<QByteArray>("keyFile");
    QTest::addColumn<QString>("words");
    QTest::newRow("server") << QByteArray("http://b.example.org") << QByteArray("a.key")
                            << QStringLiteral("server can");
    QTest::newRow("key file") << QByteArray("http://a.example.org") << QByteArray("b.key")
                              << QStringLiteral("keyFile can");
    QTest::newRow("both") << QByteArray("http://b.example.org") << QByteArray("b.key")
                          << QStringLiteral("server, keyFile can");
}

void TestConfigReload::saysWhatNeedsARestart()
{
    QFETCH(QByteArray, server);
    QFETCH(QByteArray, keyFile);
    QFETCH(QString, words);
    ReloadFixture fixture;
    fixture.make();
    ConfigReload reload = fixture.reload();
    fixture.write(server, keyFile, {"first", "second"});
    const Result<QString> outcome = reload.reload();
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code == ErrorCode::Conflict);
    QVERIFY2(outcome.error().message.startsWith(words), qPrintable(outcome.error().message));
    // What was meant for the other server is not shown to this one.
    QCOMPARE(fixture.published(), firstOnly);
}

QTEST_GUILESS_MAIN(TestConfigReload)
#include "tst_configreload.moc"
