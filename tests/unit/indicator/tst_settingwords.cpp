// What the setting tables say for people, in German: nothing of it is missing in the list that lupdate sees, nothing
// there is idle, and all of it is translated.

#include "publisherconfig.h"
#include "settingwords.h"
#include "translations.h"

#include <QSet>
#include <QtTest>

using namespace hearth;

namespace {

/// Everything of this table that the settings dialog shows.
QSet<QString> wordsOf(const SettingTable &table)
{
    QSet<QString> words;
    for (const Setting &setting : table) {
        words.insert(setting.help);
        if (setting.type == SettingType::Entries)
            words.unite(wordsOf(setting.fields));
        if (!setting.unit.isEmpty())
            words.insert(setting.unit);
    }
    return words;
}

QSet<QString> wordsOfThePublisher()
{
    const SettingTable table = publisher::publisherSettingTable();
    QSet<QString> words = wordsOf(table);
    for (const Setting &setting : table) {
        // These two have labels of their own.
        static const QStringList ownLabels{QStringLiteral("reconnect.minSeconds"),
                                           QStringLiteral("reconnect.maxSeconds")};
        if (!setting.unit.isEmpty() && !ownLabels.contains(setting.key))
            words.insert(fields::labelFor(setting));
    }
    return words;
}

QByteArray listed(const QSet<QString> &words)
{
    return QStringList(words.begin(), words.end()).join(u'\n').toUtf8();
}

} // namespace

class TestSettingWords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheTables();
    void makesLabelsOfKeys();
    void speaksGerman_data();
    void speaksGerman();
};

void TestSettingWords::knowsTheTables()
{
    const std::vector<QString> list = fields::knownSettingWords();
    const QSet<QString> known(list.begin(), list.end());
    const QSet<QString> wanted = wordsOfThePublisher();
    const QSet<QString> missing = wanted - known;
    const QSet<QString> idle = known - wanted;
    QVERIFY2(missing.isEmpty(), listed(missing));
    QVERIFY2(idle.isEmpty(), listed(idle));
    QCOMPARE(size_t(known.size()), list.size());
}

void TestSettingWords::makesLabelsOfKeys()
{
    const SettingTable table = publisher::publisherSettingTable();
    QCOMPARE(fields::labelFor(*table.find(u"watchIntervalSeconds")), QStringLiteral("Watch interval"));
    QCOMPARE(fields::labelFor(*table.find(u"backend.connectTimeoutSeconds")), QStringLiteral("Connect timeout"));
}

void TestSettingWords::speaksGerman_data()
{
    tray::installTranslations(*qApp, QLocale(QLocale::German));
    QTest::addColumn<QString>("english");
    for (const QString &words : fields::knownSettingWords())
        QTest::newRow(words.toUtf8()) << words;
}

void TestSettingWords::speaksGerman()
{
    QFETCH(const QString, english);
    QVERIFY(fields::settingWords(english) != english);
}

QTEST_MAIN(TestSettingWords)
#include "tst_settingwords.moc"
