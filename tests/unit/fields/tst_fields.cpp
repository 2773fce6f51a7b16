// Each kind of field: what typing does to the file, and what the file does to the field.

#include "checkfield.h"
#include "choicefield.h"
#include "editorfixture.h"
#include "fieldform.h"
#include "linefield.h"
#include "objectfield.h"
#include "publisherconfig.h"
#include "tablefield.h"
#include "textfield.h"

#include <QCheckBox>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QTest>

using namespace hearth;
using namespace hearth::fields;

namespace {

/// One field of the whole file.
template <typename FieldType>
class OneField : public EditorFixture
{
public:
    explicit OneField(const char *key, const QByteArray &more = {})
        : EditorFixture(more)
        , form(*editor, publisher::publisherSettingTable(), nullptr)
        , field(*qobject_cast<FieldType *>(form.add(key, QStringLiteral("&Label"))))
    {
        form.setRoot(QString());
    }

    FieldForm form;
    FieldType &field;
};

/// One field of a model with a wake recipe, which is where secrets are.
template <typename FieldType>
class RecipeField : public EditorFixture
{
public:
    explicit RecipeField(const char *key, const QByteArray &recipe)
        : EditorFixture("llms:\n  - name: a\n    url: http://127.0.0.1:1/v1\n    wake:\n" + recipe)
        , form(*editor, publisher::publisherSettingTable().find(u"llms")->fields, nullptr)
        , field(*new FieldType(*editor, form.setting(key), &form))
    {
        form.add(&field, QStringLiteral("&Label"));
        form.setRoot(QStringLiteral("llms[0]"));
    }

    FieldForm form;
    FieldType &field;
};

} // namespace

class TestFields final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesLines_data();
    void writesLines();
    void removesWhatIsCleared();
    void showsTheDefaultUntilSomethingIsTyped();
    void showsWhatTheFileSays();
    void writesOnlyWhatIsTyped();
    void hidesSecretLines();
    void hidesSecretTables();
    void writesChecks();
    void writesChoices();
    void leavesAnUnknownChoiceAlone();
    void writesTexts();
    void writesObjects();
    void saysWhereJsonIsBroken();
    void writesLists();
    void writesMaps();
    void refusesANameThatIsThereTwice();
    void refusesWhatNoFileCanHold();
    void keepsTheRemarkOfWhatBecomesTheDefault();
    void showsTheProblemBelowTheInput();
    void explainsItself();
    void isNothingWithoutAnEntry();
    void followsTheDraft();
};

void TestFields::writesLines_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("text") << QByteArray("name") << QStringLiteral("gpu box") << QByteArray("name: gpu box\n");
    QTest::newRow("text with blanks around")
        << QByteArray("name") << QStringLiteral(" box ") << QByteArray("name: box\n");
    QTest::newRow("path") << QByteArray("caFile") << QStringLiteral("/etc/ca.pem")
                          << QByteArray("caFile: /etc/ca.pem\n");
    QTest::newRow("integer") << QByteArray("extraTasks") << QStringLiteral("8") << QByteArray("extraTasks: 8\n");
    QTest::newRow("seconds") << QByteArray("wakePollSeconds") << QStringLiteral("2.5")
                             << QByteArray("wakePollSeconds: 2.5\n");
    QTest::newRow("no number") << QByteArray("extraTasks") << QStringLiteral("many")
                               << QByteArray("extraTasks: many\n");
}

void TestFields::writesLines()
{
    QFETCH(QByteArray, key);
    QFETCH(QString, typed);
    QFETCH(QByteArray, written);
    const OneField<LineField> one(key.constData());
    QTest::keyClicks(one.field.line(), typed);
    QCOMPARE(one.more(), written);
}

void TestFields::removesWhatIsCleared()
{
    const OneField<LineField> one("extraTasks", "# Of the house.\n\nextraTasks: 8\nname: box\n");
    one.field.line()->clear();
    QCOMPARE(one.more(), QByteArray("# Of the house.\n\nname: box\n"));
}

void TestFields::showsTheDefaultUntilSomethingIsTyped()
{
    const OneField<LineField> one("wakePollSeconds");
    QCOMPARE(one.field.line()->text(), QString());
    QCOMPARE(one.field.line()->placeholderText(), QStringLiteral("1.5"));
}

void TestFields::showsWhatTheFileSays()
{
    const OneField<LineField> one("name", "name: 'my box'   # under the desk\n");
    QCOMPARE(one.field.line()->text(), QStringLiteral("my box"));
}

void TestFields::writesOnlyWhatIsTyped()
{
    const QByteArray before = "name: 'my box'   # under the desk\n";
    const OneField<LineField> one("name", before);
    one.field.reload();
    QCOMPARE(one.more(), before);
    QVERIFY(!one.editor->isChanged());
    QTest::keyClick(one.field.line(), Qt::Key_End);
    QTest::keyClicks(one.field.line(), QStringLiteral("es"));
    QVERIFY(one.more().endsWith("   # under the desk\n"));
    QCOMPARE(one.editor->draft().scalar(QStringLiteral("name")), QStringLiteral("my boxes"));
}

void TestFields::hidesSecretLines()
{
    RecipeField<LineField> one("wake.url", "      type: http\n      url: http://127.0.0.1:2/?token=abc\n");
    QLineEdit *line = one.field.line();
    QCOMPARE(line->echoMode(), QLineEdit::Password);
    one.form.show();
    QVERIFY(QTest::qWaitForWindowActive(&one.form));
    line->setFocus();
    QCOMPARE(line->echoMode(), QLineEdit::Normal);
    line->clearFocus();
    QCOMPARE(line->echoMode(), QLineEdit::Password);
}

void TestFields::hidesSecretTables()
{
    const RecipeField<TableField> one("wake.headers", "      type: http\n      url: http://127.0.0.1:2/\n"
                                                      "      headers: {Authorization: Bearer abc}\n");
    const QModelIndex value = one.field.table()->model()->index(0, 1);
    const auto *delegate = qobject_cast<QStyledItemDelegate *>(one.field.table()->itemDelegateForIndex(value));
    QVERIFY(delegate);
    QVERIFY(!delegate->displayText(value.data(), {}).contains(QLatin1String("abc")));
    QCOMPARE(value.data().toString(), QStringLiteral("Bearer abc"));
}

void TestFields::writesChecks()
{
    const OneField<CheckField> one("desktop.closeToTray", "name: box\n");
    QVERIFY(one.field.box()->isChecked());
    one.field.box()->click();
    QCOMPARE(one.editor->draft().scalar(QStringLiteral("desktop.closeToTray")), QStringLiteral("false"));
    one.field.box()->click();
    QVERIFY(!one.editor->draft().scalar(QStringLiteral("desktop.closeToTray")));
}

void TestFields::writesChoices()
{
    const OneField<ChoiceField> one("logLevel");
    QCOMPARE(one.field.box()->currentData().toString(), QStringLiteral("info"));
    one.field.box()->setCurrentIndex(one.field.box()->findData(QStringLiteral("debug")));
    QCOMPARE(one.more(), QByteArray("logLevel: debug\n"));
    one.field.box()->setCurrentIndex(one.field.box()->findData(QStringLiteral("info")));
    QCOMPARE(one.more(), QByteArray());
}

void TestFields::leavesAnUnknownChoiceAlone()
{
    const OneField<ChoiceField> one("logLevel", "logLevel: loud\n");
    QCOMPARE(one.field.box()->currentIndex(), -1);
    QVERIFY(one.field.problem().contains(QLatin1String("must be one of")));
    QCOMPARE(one.more(), QByteArray("logLevel: loud\n"));
}

void TestFields::writesTexts()
{
    RecipeField<TextField> one("wake.body", "      type: http\n      url: http://127.0.0.1:2/\n");
    const QString body = QStringLiteral("{\n  \"profile\": \"qwen\"\n}\n");
    one.field.text()->setPlainText(body);
    QVERIFY(one.editor->draft().scalar(QStringLiteral("llms[0].wake.body")) == body);
    one.field.text()->clear();
    QVERIFY(!one.editor->draft().scalar(QStringLiteral("llms[0].wake.body")));
    one.judge();
    QCOMPARE(one.field.problem(), QString());
}

void TestFields::writesObjects()
{
    RecipeField<ObjectField> one("extraConfig", "      type: http\n      url: http://127.0.0.1:2/\n");
    one.field.text()->setPlainText(QStringLiteral("{\"depth\": {\"of\": [1, 2]}}"));
    const QString path = QStringLiteral("llms[0].extraConfig");
    QCOMPARE(one.editor->draft().object(path).value(QLatin1String("depth")).toObject().value(QLatin1String("of")),
             QJsonValue(QJsonArray{1, 2}));
    one.judge();
    QCOMPARE(one.field.problem(), QString());
    one.field.reload();
    QVERIFY(one.field.text()->toPlainText().contains(QLatin1String("\"depth\"")));
    one.field.text()->clear();
    QVERIFY(!one.text().contains("extraConfig"));
}

void TestFields::saysWhereJsonIsBroken()
{
    RecipeField<ObjectField> one("extraConfig", "      type: http\n      url: http://127.0.0.1:2/\n");
    const QString broken = QStringLiteral("{\n  \"depth\": oops\n}");
    one.field.text()->setPlainText(broken);
    one.judge();
    QVERIFY2(one.field.problem().contains(QLatin1String("line 2")), qPrintable(one.field.problem()));
    QVERIFY(!one.editor->problems().isEmpty());
    // Nothing that was typed is lost when something else is shown in between.
    one.field.reload();
    QCOMPARE(one.field.text()->toPlainText(), broken);
}

void TestFields::writesLists()
{
    const OneField<TableField> one("desktop.pause.programs", "desktop:\n  pause:\n    programs: [steam]\n");
    QCOMPARE(one.field.table()->rowCount(), 1);
    one.field.append(QStringLiteral("blender"));
    const QString path = QStringLiteral("desktop.pause.programs");
    const QStringList both{QStringLiteral("steam"), QStringLiteral("blender")};
    QCOMPARE(one.editor->draft().list(path), both);
    one.field.table()->item(0, 0)->setText(QStringLiteral("game"));
    QCOMPARE(one.editor->draft().list(path).first(), QStringLiteral("game"));
    one.field.table()->setCurrentCell(0, 0);
    QTest::keyClick(one.field.table(), Qt::Key_Delete);
    QCOMPARE(one.editor->draft().list(path), QStringList{QStringLiteral("blender")});
    one.field.table()->setCurrentCell(0, 0);
    QTest::keyClick(one.field.table(), Qt::Key_Delete);
    QVERIFY(one.editor->draft().list(path).isEmpty());
}

void TestFields::writesMaps()
{
    const RecipeField<TableField> one(
        "wake.headers", "      type: http\n      url: http://127.0.0.1:2/\n      headers: {X-One: '1'}\n");
    one.field.table()->item(0, 1)->setText(QStringLiteral("true"));
    const TextMap expected{{QStringLiteral("X-One"), QStringLiteral("true")}};
    QCOMPARE(one.editor->draft().map(QStringLiteral("llms[0].wake.headers")), expected);
}

void TestFields::refusesANameThatIsThereTwice()
{
    RecipeField<TableField> one("wake.headers",
                                "      type: http\n      url: http://127.0.0.1:2/\n      headers: {A: '1', B: '2'}\n");
    const QByteArray before = one.text();
    one.field.table()->item(1, 0)->setText(QStringLiteral("A"));
    one.judge();
    QVERIFY2(one.field.problem().contains(QLatin1String("\"A\"")), qPrintable(one.field.problem()));
    QCOMPARE(one.text(), before);
    QVERIFY(one.editor->isChanged());
    QCOMPARE(one.editor->problems().size(), 1);
    one.field.table()->item(1, 0)->setText(QStringLiteral("C"));
    one.judge();
    QCOMPARE(one.field.problem(), QString());
    const TextMap expected{{QStringLiteral("A"), QStringLiteral("1")}, {QStringLiteral("C"), QStringLiteral("2")}};
    QCOMPARE(one.editor->draft().map(QStringLiteral("llms[0].wake.headers")), expected);
}

void TestFields::refusesWhatNoFileCanHold()
{
    RecipeField<ObjectField> one("extraConfig", "      type: http\n      url: http://127.0.0.1:2/\n");
    const QByteArray before = one.text();
    constexpr int tooDeep = 40;
    one.field.text()->setPlainText(QStringLiteral("{\"a\":").repeated(tooDeep) + u'1' + QString(tooDeep, u'}'));
    one.judge();
    QVERIFY2(one.field.problem().contains(QLatin1String("too deeply")), qPrintable(one.field.problem()));
    QCOMPARE(one.text(), before);
    QVERIFY(one.editor->isChanged());
    one.editor->reset();
    QCOMPARE(one.field.text()->toPlainText(), QString());
    QCOMPARE(one.field.problem(), QString());
    QVERIFY(!one.editor->isChanged());
}

void TestFields::keepsTheRemarkOfWhatBecomesTheDefault()
{
    const OneField<CheckField> one("desktop.closeToTray", "desktop:\n  # Why it quits.\n  closeToTray: false\n");
    one.field.box()->click();
    QCOMPARE(one.more(), QByteArray("desktop: {}\n  # Why it quits.\n"));
}

void TestFields::showsTheProblemBelowTheInput()
{
    OneField<LineField> one("extraTasks");
    QCOMPARE(one.field.problem(), QString());
    QTest::keyClicks(one.field.line(), QStringLiteral("-5"));
    QCOMPARE(one.field.problem(), QString());
    one.judge();
    QVERIFY(one.field.problem().contains(QLatin1String("between 0 and 10000")));
    one.field.line()->setText(QStringLiteral("5"));
    one.judge();
    QCOMPARE(one.field.problem(), QString());
}

void TestFields::explainsItself()
{
    const OneField<LineField> one("extraTasks");
    QCOMPARE(one.field.input()->accessibleName(), QStringLiteral("Label"));
    QVERIFY(!one.field.input()->accessibleDescription().isEmpty());
    QVERIFY(one.field.input()->toolTip().contains(QLatin1String("10000")));
    const QList<QLabel *> labels = one.form.findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(labels, [&one](const QLabel *label) {
        return label->text() == QLatin1String("&Label") && label->buddy() == one.field.input();
    }));
}

void TestFields::isNothingWithoutAnEntry()
{
    RecipeField<LineField> one("wake.url", "      type: http\n      url: http://127.0.0.1:2/\n");
    const QByteArray before = one.text();
    one.form.setRoot(std::nullopt);
    QVERIFY(!one.field.isEnabled());
    one.field.line()->setText(QStringLiteral("x"));
    QCOMPARE(one.text(), before);
}

void TestFields::followsTheDraft()
{
    const OneField<LineField> one("name", "name: box\n");
    one.editor->editAndReload(
        [](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), QStringLiteral("other")); });
    QCOMPARE(one.field.line()->text(), QStringLiteral("other"));
    one.editor->reset();
    QCOMPARE(one.field.line()->text(), QStringLiteral("box"));
}

QTEST_MAIN(TestFields)
#include "tst_fields.moc"
