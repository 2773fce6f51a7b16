// Editing a recipe: what the choice of its kind does to the file, and the button that tries it.

#include "editorfixture.h"
#include "linefield.h"
#include "recipeeditor.h"
#include "recipetypefield.h"
#include "scriptedbackend.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace hearth;
using namespace hearth::recipes;

namespace {

const QByteArray commandModel = "llms:\n"
                                "  - name: a\n"
                                "    url: http://127.0.0.1:1/v1\n"
                                "    wake:   # by hand so far\n"
                                "      type: command\n"
                                "      command: /bin/true\n"
                                "      args: [one, two]\n"
                                "      maxWaitSeconds: 9\n";

struct Editing : EditorFixture
{
    explicit Editing(const QByteArray &more, RecipeKind kind = RecipeKind::Wake)
        : EditorFixture(more)
        , recipe(*editor, kind, clock)
    {
        recipe.setLlm(QStringLiteral("llms[0]"));
    }

    void choose(RecipeTypeField::Action action) const
    {
        qobject_cast<QComboBox *>(recipe.findChild<RecipeTypeField *>()->input())->setCurrentIndex(int(action));
    }

    QLineEdit &line(const QString &key) const
    {
        return *recipe.findChild<fields::LineField *>(QStringLiteral("llms[0].") + key)->line();
    }

    std::optional<QString> value(const QString &key) const
    {
        return editor->draft().scalar(QStringLiteral("llms[0].") + key);
    }

    RecipeEditor recipe;
};

} // namespace

class TestRecipeEditor final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheRecipe();
    void removesTheSectionForNone();
    void dropsWhatBelongsToTheOtherKind();
    void bringsBackWhatWasTyped();
    void writesNothingWhenItIsOnlyShown();
    void showsAnotherModel();
    void saysThatSleepNeedsWake();
    void judgesAModelAlone();
    void saysWhatKeepsItFromTrying();
    void triesForReal();
};

void TestRecipeEditor::showsTheRecipe()
{
    const Editing editing(commandModel);
    QVERIFY(editing.recipe.findChild<RecipeTypeField *>()->action() == RecipeTypeField::Action::Command);
    QCOMPARE(editing.line(QStringLiteral("wake.command")).text(), QStringLiteral("/bin/true"));
    QVERIFY(editing.line(QStringLiteral("wake.command")).isVisibleTo(&editing.recipe));
    QVERIFY(!editing.line(QStringLiteral("wake.url")).isVisibleTo(&editing.recipe));
    QCOMPARE(editing.line(QStringLiteral("wake.maxWaitSeconds")).text(), QStringLiteral("9"));
}

void TestRecipeEditor::removesTheSectionForNone()
{
    const Editing editing(commandModel);
    editing.choose(RecipeTypeField::Action::None);
    QVERIFY(!editing.editor->draft().hasSection(QStringLiteral("llms[0].wake")));
    QCOMPARE(editing.more(), commandModel.first(commandModel.indexOf("    wake:")));
    QVERIFY(!editing.line(QStringLiteral("wake.maxWaitSeconds")).isVisibleTo(&editing.recipe));
}

void TestRecipeEditor::dropsWhatBelongsToTheOtherKind()
{
    Editing editing(commandModel);
    editing.choose(RecipeTypeField::Action::Http);
    QCOMPARE(editing.value(QStringLiteral("wake.type")), QStringLiteral("http"));
    QVERIFY(!editing.value(QStringLiteral("wake.command")));
    QVERIFY(editing.editor->draft().list(QStringLiteral("llms[0].wake.args")).isEmpty());
    QCOMPARE(editing.value(QStringLiteral("wake.maxWaitSeconds")), QStringLiteral("9"));
    editing.line(QStringLiteral("wake.url")).setText(QStringLiteral("http://127.0.0.1:2/wake"));
    editing.judge();
    QVERIFY(editing.editor->problems().isEmpty());
}

void TestRecipeEditor::bringsBackWhatWasTyped()
{
    const Editing editing(commandModel);
    editing.choose(RecipeTypeField::Action::None);
    editing.choose(RecipeTypeField::Action::Command);
    QCOMPARE(editing.value(QStringLiteral("wake.command")), QStringLiteral("/bin/true"));
    const QStringList arguments{QStringLiteral("one"), QStringLiteral("two")};
    QCOMPARE(editing.editor->draft().list(QStringLiteral("llms[0].wake.args")), arguments);
    QCOMPARE(editing.value(QStringLiteral("wake.maxWaitSeconds")), QStringLiteral("9"));
}

void TestRecipeEditor::writesNothingWhenItIsOnlyShown()
{
    Editing editing(commandModel);
    editing.recipe.setLlm(std::nullopt);
    editing.recipe.setLlm(QStringLiteral("llms[0]"));
    QVERIFY(!editing.editor->isChanged());
}

void TestRecipeEditor::showsAnotherModel()
{
    Editing editing(commandModel + "  - name: b\n    url: http://127.0.0.1:2/v1\n");
    const QByteArray before = editing.text();
    editing.recipe.setLlm(QStringLiteral("llms[1]"));
    QVERIFY(editing.recipe.findChild<RecipeTypeField *>()->action() == RecipeTypeField::Action::None);
    editing.recipe.setLlm(QStringLiteral("llms[0]"));
    QVERIFY(editing.recipe.findChild<RecipeTypeField *>()->action() == RecipeTypeField::Action::Command);
    QCOMPARE(editing.text(), before);
}

void TestRecipeEditor::saysThatSleepNeedsWake()
{
    Editing editing("llms:\n  - name: a\n    url: http://127.0.0.1:1/v1\n", RecipeKind::Sleep);
    editing.choose(RecipeTypeField::Action::Command);
    editing.line(QStringLiteral("sleep.command")).setText(QStringLiteral("/bin/true"));
    editing.judge();
    QVERIFY(editing.recipe.findChild<RecipeTypeField *>()->problem().contains(QLatin1String("wake recipe")));
}

void TestRecipeEditor::judgesAModelAlone()
{
    // Another entry and the key are wrong, but this recipe can be tried.
    const Result<draft::ConfigDraft> draft =
        draft::ConfigDraft::fromText(commandModel + "  - name: b\n", QStringLiteral("publisher.yaml"));
    QVERIFY(draft);
    const Result<publisher::LlmSettings> alone = llmAlone(*draft, QStringLiteral("llms[0]"), {});
    QVERIFY2(alone, alone ? "" : qPrintable(alone.error().message));
    QCOMPARE(std::get<publisher::CommandRecipe>(alone->wake->action).program, QStringLiteral("/bin/true"));
    const Result<publisher::LlmSettings> wrong = llmAlone(*draft, QStringLiteral("llms[1]"), {});
    QVERIFY(!wrong);
    QVERIFY2(wrong.error().message.contains(QLatin1String("url")), qPrintable(wrong.error().message));
}

void TestRecipeEditor::saysWhatKeepsItFromTrying()
{
    const Editing editing(commandModel);
    editing.line(QStringLiteral("wake.command")).setText(QStringLiteral("true"));
    editing.recipe.findChild<QPushButton *>(QStringLiteral("wake.try"))->click();
    const auto notes = editing.recipe.findChild<RecipeTry *>()->findChildren<fields::NoteLine *>();
    QVERIFY2(notes.first()->text().contains(QLatin1String("absolute path")), qPrintable(notes.first()->text()));
}

void TestRecipeEditor::triesForReal()
{
    ScriptedBackend backend;
    SystemClock clock;
    EditorFixture fixture("llms:\n  - name: a\n    url: " + backend.url() +
                          "\n    wake: {type: command, command: /bin/false}\n");
    RecipeEditor recipe(*fixture.editor, RecipeKind::Wake, clock);
    recipe.setLlm(QStringLiteral("llms[0]"));
    recipe.findChild<QPushButton *>(QStringLiteral("wake.try"))->click();
    const fields::NoteLine *note = recipe.findChild<RecipeTry *>()->findChild<fields::NoteLine *>();
    QTRY_VERIFY2(note->kind() == fields::NoteLine::Kind::Problem, qPrintable(note->text()));
    QVERIFY(note->text().contains(QLatin1String("exit")) || note->text().contains(QLatin1String("status")));
}

QTEST_MAIN(TestRecipeEditor)
#include "tst_recipeeditor.moc"
