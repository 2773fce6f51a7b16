// The configuration files that people begin with: they say everything, and what they say is true.

#include "configsample.h"
#include "configuration.h"
#include "products.h"
#include "publisherconfig.h"
#include "serversettings.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::manual;
using namespace Qt::StringLiterals;

namespace {

/// What somebody does who removes every `#` that hides a setting; help is what has a space and a word behind it.
QByteArray uncommented(const QByteArray &text)
{
    static const QRegularExpression hidden(QStringLiteral("^( *)#(?! \\S|$)"), QRegularExpression::MultilineOption);
    return QString::fromUtf8(text).replace(hidden, QStringLiteral("\\1")).toUtf8();
}

/// What stands in the file, each under its key; a field of a list under the name of the list and a dot.
QStringList keysOf(const SettingTable &table, const QString &prefix = {})
{
    QStringList keys;
    for (const Setting &setting : table) {
        keys.append(prefix + setting.key);
        keys += keysOf(setting.fields, prefix + setting.key + u'.');
    }
    return keys;
}

template <typename T>
QByteArray why(const Result<T> &result)
{
    return result ? QByteArray() : result.error().message.toUtf8();
}

} // namespace

class TestConfigSample final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void loadsAsItIs_data();
    void loadsAsItIs();
    void holdsTheDefaults_data();
    void holdsTheDefaults();
    void saysEverything_data();
    void saysEverything();
    void isNoWiderThanAPage_data();
    void isNoWiderThanAPage();
    void setsOnlyTheDatabaseOfTheServer();
    void publishesNothingByAccident();
    void hasExamplesThatWork();
    void tellsWhatAValueHasToBe();

private:
    void addFiles() const;
    QByteArray sample(const QString &file) const;
    Result<SettingValues> load(const QString &file, const QByteArray &text) const;

    /// What the publisher makes of the text, with a key file that is there.
    Result<publisher::PublisherSettings> publisherSettings(QByteArray text) const;

    const Products m_products{QString()};
    const QTemporaryDir m_folder;
};

void TestConfigSample::initTestCase()
{
    QFile key(m_folder.filePath(u"publisher.key"_s));
    QVERIFY(key.open(QIODevice::WriteOnly) && key.write("hk_test\n") > 0);
    QVERIFY(key.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
}

void TestConfigSample::addFiles() const
{
    QTest::addColumn<QString>("file");
    for (const QString &file : m_products.files())
        QTest::newRow(qPrintable(file)) << file;
}

QByteArray TestConfigSample::sample(const QString &file) const
{
    const Result<QByteArray> sample = m_products.sample(file);
    return sample ? *sample : sample.error().message.toUtf8();
}

Result<publisher::PublisherSettings> TestConfigSample::publisherSettings(QByteArray text) const
{
    const QByteArray keyFile = m_folder.filePath(u"publisher.key"_s).toUtf8();
    const Result<SettingValues> values = load(u"publisher.yaml"_s, text.replace("/etc/hearth/publisher.key", keyFile));
    return values ? publisher::readPublisherSettings(*values, u"publisher.yaml"_s) : values.error();
}

Result<SettingValues> TestConfigSample::load(const QString &file, const QByteArray &text) const
{
    return loadConfiguration(m_products.table(file), {.file = file, .text = text});
}

void TestConfigSample::loadsAsItIs_data()
{
    addFiles();
}

void TestConfigSample::loadsAsItIs()
{
    QFETCH(const QString, file);
    const Result<SettingValues> values = load(file, sample(file));
    QVERIFY2(values, why(values));
    const Result<SettingValues> example = load(file, m_products.example(file));
    QVERIFY2(example, why(example));
}

void TestConfigSample::holdsTheDefaults_data()
{
    addFiles();
}

void TestConfigSample::holdsTheDefaults()
{
    QFETCH(const QString, file);
    const QByteArray text = sample(file);
    const QByteArray all = uncommented(text);
    QVERIFY(all != text);
    const Result<SettingValues> values = load(file, all);
    QVERIFY2(values, why(values));
    const Result<SettingValues> asItIs = load(file, text);
    QVERIFY(asItIs);
    for (const Setting &setting : m_products.table(file)) {
        const QByteArray key = setting.key.toLatin1();
        QVERIFY2(values->isSet(key), key);
        if (setting.type != SettingType::Entries)
            QCOMPARE(toText(setting.type, values->value(setting.key)),
                     toText(setting.type, asItIs->value(setting.key)));
    }
}

void TestConfigSample::saysEverything_data()
{
    addFiles();
}

void TestConfigSample::saysEverything()
{
    QFETCH(const QString, file);
    const QString text = QString::fromUtf8(sample(file)).simplified();
    for (const QString &key : keysOf(m_products.table(file)))
        QVERIFY2(text.contains(key.section(u'.', -1) + u':'), qPrintable(key));
    // Words of help are wrapped and, in examples, behind more than one sign.
    const QString words = QString(text).remove(u'#').simplified();
    for (const Setting &setting : m_products.table(file)) {
        QVERIFY2(words.contains(setting.help), qPrintable(setting.key));
        for (const Setting &field : setting.fields)
            QVERIFY2(words.contains(field.help), qPrintable(field.key));
    }
}

void TestConfigSample::isNoWiderThanAPage_data()
{
    addFiles();
}

void TestConfigSample::isNoWiderThanAPage()
{
    QFETCH(const QString, file);
    for (const QByteArray &line : sample(file).split('\n')) {
        QVERIFY2(line.size() <= 100, line);
        QVERIFY2(!line.endsWith(' ') && !line.contains('\t'), line);
    }
}

void TestConfigSample::setsOnlyTheDatabaseOfTheServer()
{
    const QByteArray text = sample(u"hearthd.yaml"_s);
    const Result<SettingValues> values = load(u"hearthd.yaml"_s, text);
    QVERIFY(values);
    QCOMPARE(values->text("database"), QStringLiteral("sqlite:/var/lib/hearth/hearth.db"));
    for (const Setting &setting : m_products.table(u"hearthd.yaml"_s))
        QCOMPARE(values->isSet(setting.key.toLatin1()), setting.key == "database"_L1);
    QVERIFY(server::readServerSettings(*values));
}

void TestConfigSample::publishesNothingByAccident()
{
    const Result<publisher::PublisherSettings> settings = publisherSettings(sample(u"publisher.yaml"_s));
    QVERIFY2(settings, why(settings));
    QCOMPARE(settings->llms.size(), size_t(1));
    QVERIFY(!settings->llms[0].publish);
    QVERIFY(settings->agents.empty());
}

void TestConfigSample::hasExamplesThatWork()
{
    for (const QByteArray &text : {uncommented(sample(u"publisher.yaml"_s)), m_products.example(u"publisher.yaml"_s)}) {
        const Result<publisher::PublisherSettings> settings = publisherSettings(text);
        QVERIFY2(settings, why(settings));
        QVERIFY(settings->llms.size() >= 2);
        QVERIFY(settings->llms[1].wake && settings->llms[1].sleep);
        QCOMPARE(settings->agents.size(), size_t(1));
    }
    const Result<SettingValues> server = load(u"hearthd.yaml"_s, m_products.example(u"hearthd.yaml"_s));
    QVERIFY2(server, why(server));
    const Result<server::ServerSettings> settings = server::readServerSettings(*server);
    QVERIFY2(settings, why(settings));
    QVERIFY2(settings->http.port >= 1024, "The service may not listen there as it is installed.");
}

void TestConfigSample::tellsWhatAValueHasToBe()
{
    const SettingTable table({Setting::text("name", u"box"_s, "What it is called.").withDefaultWords("its own name"),
                              Setting::integer("queue.length", 3, 1, 9, "requests", "How many may wait."),
                              Setting::boolean("queue.rules.fair", true, "Whether it is fair.")});
    const QByteArray text =
        writeSample(table, {.head = u"# Head."_s, .live = table.defaults(), .examples = table.defaults()});
    QCOMPARE(QString::fromUtf8(text), u"# Head.\n"
                                      "\n"
                                      "# What it is called. Default: its own name.\n"
                                      "#name:\n"
                                      "\n"
                                      "queue:\n"
                                      "  # How many may wait. A whole number between 1 and 9 (requests).\n"
                                      "  #length: 3\n"
                                      "\n"
                                      "  rules:\n"
                                      "    # Whether it is fair.\n"
                                      "    #fair: true\n"_s);
}

QTEST_APPLESS_MAIN(TestConfigSample)
#include "tst_configsample.moc"
