// Every setting of publisher.yaml has an input, and every input changes its setting and no other.
//
// The tables are the list: a setting that is new there fails here until the dialog has it.

#include "checkfield.h"
#include "choicefield.h"
#include "dialogfixture.h"
#include "linefield.h"
#include "publisherconfig.h"
#include "tablefield.h"
#include "textfield.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>

using namespace hearth;
using namespace hearth::fields;

namespace {

const QByteArray configuration = "# Of the house.\n"
                                 "llms:\n"
                                 "  - name: a   # the first\n"
                                 "    url: http://127.0.0.1:1/v1\n"
                                 "    publish: true\n"
                                 "    wake: {type: command, command: /bin/true}\n"
                                 "    sleep: {type: command, command: /bin/true}\n"
                                 "agents:\n"
                                 "  - name: c   # the third\n"
                                 "    llm: a\n";

/// Settings whose inputs are of their own kind; tst_preferencespages has them.
bool isSpecial(const QString &key)
{
    static const QStringList keys{QStringLiteral("keyFile"),        QStringLiteral("keyStore"),
                                  QStringLiteral("llms[0].pool"),   QStringLiteral("llms[0].wake.type"),
                                  QStringLiteral("agents[0].pool"), QStringLiteral("llms[0].sleep.type"),
                                  QStringLiteral("agents[0].llm"),  QStringLiteral("desktop.pause.schedule")};
    return keys.contains(key);
}

/// A value that is right and not the default.
QString example(const Setting &setting)
{
    switch (setting.type) {
    case SettingType::Integer:
    case SettingType::Size:
        return QString::number(setting.minimum + 1);
    case SettingType::Seconds:
        return toText(setting.type, Duration(setting.minimum + 10));
    case SettingType::Minutes:
        return toText(setting.type, Duration(setting.minimum + 60));
    case SettingType::Choice:
        return setting.choices.last() == std::get<QString>(setting.fallback) ? setting.choices.first()
                                                                             : setting.choices.last();
    default:
        return QStringLiteral("something");
    }
}

} // namespace

class TestEverySetting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { m_fixture = std::make_unique<DialogFixture>(configuration); }

    void cleanup() { editor().reset(); }

    void cleanupTestCase() { m_fixture.reset(); }

    void hasAnInput_data();
    void hasAnInput();

    void changesItsSetting_data() { hasAnInput_data(); }

    void changesItsSetting();

private:
    static void addRows(const QString &root, const SettingTable &table);
    Field *fieldOf(const QString &key) const;

    /// What is written need not be right: a dialog that refuses to save would hide it.
    DraftEditor &editor() const { return *m_fixture->dialog.findChild<DraftEditor *>(); }

    /// One for all, for making it takes longer than a test.
    std::unique_ptr<DialogFixture> m_fixture;
};

void TestEverySetting::addRows(const QString &root, const SettingTable &table)
{
    for (const Setting &setting : table) {
        if (setting.type == SettingType::Entries)
            addRows(setting.key + QStringLiteral("[0]."), setting.fields);
        else
            QTest::newRow(qPrintable(root + setting.key)) << QString(root + setting.key);
    }
}

void TestEverySetting::hasAnInput_data()
{
    QTest::addColumn<QString>("key");
    addRows({}, publisher::publisherSettingTable());
}

Field *TestEverySetting::fieldOf(const QString &key) const
{
    const QList<Field *> all = m_fixture->dialog.findChildren<Field *>();
    const auto found = std::ranges::find_if(all, [&key](const Field *field) { return field->covers(key); });
    return found == all.end() ? nullptr : *found;
}

void TestEverySetting::hasAnInput()
{
    QFETCH(QString, key);
    const Field *field = fieldOf(key);
    QVERIFY2(field, "No field shows this setting.");
    QVERIFY(field->isEnabled());
    QVERIFY(!field->input()->accessibleName().isEmpty());
}

void TestEverySetting::changesItsSetting()
{
    QFETCH(QString, key);
    if (isSpecial(key))
        return;
    Field *field = fieldOf(key);
    QVERIFY(field);
    const QByteArray before = editor().draft().text();
    const QString value = example(field->setting());
    QString written = value;
    if (auto *line = qobject_cast<LineField *>(field)) {
        line->line()->setText(value);
    } else if (auto *choice = qobject_cast<ChoiceField *>(field)) {
        choice->box()->setCurrentIndex(choice->box()->findData(value));
    } else if (auto *check = qobject_cast<CheckField *>(field)) {
        check->box()->click();
        written = check->box()->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    } else if (auto *text = qobject_cast<TextField *>(field)) {
        text->text()->setPlainText(value);
    } else if (auto *table = qobject_cast<TableField *>(field)) {
        table->append(value);
        QVERIFY(editor().draft().text() != before);
        return;
    }
    if (written == QLatin1String("false") && !std::get<bool>(field->setting().fallback))
        QVERIFY(!editor().draft().scalar(key));
    else
        QCOMPARE(editor().draft().scalar(key), written);
    QVERIFY(editor().draft().text().contains("# Of the house."));
}

QTEST_MAIN(TestEverySetting)
#include "tst_everysetting.moc"
