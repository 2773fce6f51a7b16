// The pages on models and how they are woken, with backends that the test plays.

#include "addbackenddialog.h"
#include "field.h"
#include "scriptedbackend.h"
#include "webstub.h"
#include "wizardfixture.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace hearth;
using hearth::setup::SetupWizard;

class TestModelsPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sharesNothingUnasked();
    void writesWhatIsTicked();
    void saysWhatToStart();
    void looksAgain();
    void refusesNames_data();
    void refusesNames();
    void keepsWhatIsPublished();
    void showsBackendsThatAreAway();
    void asksTheBackendsOfTheFile();
    void addsByAddress();
    void saysWhyNothingIsAtAnAddress();
    void goesBackAndForth();
    void givesAllModelsOfABackendTheRecipe();
    void wantsACompleteRecipe();
};

namespace {

QString text(const char *latin)
{
    return QString::fromLatin1(latin);
}

QByteArray listOf(std::initializer_list<const char *> ids)
{
    QByteArray models;
    for (const char *id : ids)
        models += (models.isEmpty() ? "{\"id\":\"" : ",{\"id\":\"") + QByteArray(id) + "\",\"owned_by\":\"vllm\"}";
    return "{\"object\":\"list\",\"data\":[" + models + "]}";
}

/// A wizard at its models page, and one backend with two models.
struct ModelsFixture : WizardFixture
{
    explicit ModelsFixture(std::initializer_list<const char *> models = {"alpha", "beta"})
        : backend([list = listOf(models)](const QByteArray &) { return WebStub::http(200, list); })
    {
        ports = {backend.port()};
    }

    QString url() const { return QStringLiteral("http://%1/v1").arg(backend.authority()); }

    void setName(const QString &model, const QString &name) const
    {
        const auto items = input<QTreeWidget>("models").findItems(model, Qt::MatchRecursive | Qt::MatchExactly);
        items.first()->setText(1, name);
    }

    /// An input of the recipe of the first entry.
    template <typename Widget>
    Widget &recipeInput(const char *key) const
    {
        auto *const field = page().findChild<fields::Field *>(QStringLiteral("llms[0].wake.") + QLatin1String(key));
        auto *const widget = field ? qobject_cast<Widget *>(field->input()) : nullptr;
        if (!widget)
            qFatal("the recipe has no \"%s\"", key);
        return *widget;
    }

    /// Goes on until the choices have been saved.
    void saveNow()
    {
        while (wizard->currentId() < SetupWizard::LiveTest && next()) {
        }
    }

    WebStub backend;
};

} // namespace

void TestModelsPage::sharesNothingUnasked()
{
    ModelsFixture fixture;
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("alpha")));
    const auto &tree = fixture.input<QTreeWidget>("models");
    QCOMPARE(tree.topLevelItemCount(), 1);
    QVERIFY(tree.topLevelItem(0)->text(0).contains(text("vLLM")));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(tree.topLevelItem(0)->child(i)->checkState(0), Qt::Unchecked);
    QVERIFY(!fixture.page().isComplete());
    QVERIFY(fixture.missing().contains(text("Tick")));
    fixture.tick(text("beta"));
    QVERIFY(fixture.page().isComplete());
    QVERIFY(fixture.missing().isEmpty());
    fixture.tick(text("beta"), false);
    QVERIFY(!fixture.page().isComplete());
}

void TestModelsPage::writesWhatIsTicked()
{
    ModelsFixture fixture;
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("beta")));
    fixture.tick(text("beta"));
    fixture.setName(text("beta"), text("my-beta"));
    fixture.saveNow();
    QCOMPARE(fixture.saves.size(), 1u);
    const draft::ConfigDraft &saved = fixture.saved();
    QCOMPARE(saved.entryCount(text("llms")), 1);
    QCOMPARE(saved.scalar(text("llms[0].name")), text("my-beta"));
    QCOMPARE(saved.scalar(text("llms[0].model")), text("beta"));
    QCOMPARE(saved.scalar(text("llms[0].url")), fixture.url());
    QCOMPARE(saved.scalar(text("llms[0].publish")), text("true"));
}

void TestModelsPage::saysWhatToStart()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Models);
    QTRY_VERIFY(fixture.note("result").contains(text("ollama serve")));
    QVERIFY(!fixture.page().isComplete());
}

void TestModelsPage::looksAgain()
{
    ScriptedBackend backend;
    WizardFixture fixture;
    fixture.ports = {quint16(QUrl(QString::fromLatin1(backend.url())).port())};
    backend.stop();
    fixture.open(SetupWizard::Models);
    QTRY_VERIFY(fixture.note("result").contains(text("ollama serve")));
    backend.start();
    QTest::mouseClick(&fixture.input<QPushButton>("lookAgain"), Qt::LeftButton);
    QVERIFY(fixture.waitForModel(text("test-model")));
    QTRY_VERIFY(fixture.note("result").isEmpty());
}

void TestModelsPage::refusesNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("words");
    QTest::newRow("blank") << text("my model") << text("cannot be a name");
    QTest::newRow("bad beginning") << text("-alpha") << text("cannot be a name");
    QTest::newRow("empty") << QString() << text("cannot be a name");
    QTest::newRow("too long") << QString(129, u'a') << text("cannot be a name");
    QTest::newRow("twice") << text("beta") << text("given twice");
    QTest::newRow("an agent's") << text("coder") << text("given twice");
}

void TestModelsPage::refusesNames()
{
    QFETCH(QString, name);
    QFETCH(QString, words);
    ModelsFixture fixture;
    fixture.draft.appendEntry(text("agents"), text("coder"));
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("beta")));
    fixture.tick(text("alpha"));
    fixture.tick(text("beta"));
    QVERIFY(fixture.page().isComplete());
    fixture.setName(text("alpha"), name);
    QVERIFY(!fixture.page().isComplete());
    QVERIFY2(fixture.missing().contains(words), qPrintable(fixture.missing()));
    // What is not shared may be called anything.
    fixture.tick(text("alpha"), false);
    QVERIFY(fixture.page().isComplete());
}

void TestModelsPage::keepsWhatIsPublished()
{
    ModelsFixture fixture;
    const QString entry = fixture.draft.appendEntry(text("llms"), text("mine"));
    fixture.draft.setText(entry + text(".url"), fixture.url());
    fixture.draft.setText(entry + text(".model"), text("alpha"));
    fixture.draft.setBoolean(entry + text(".publish"), true);
    fixture.draft.setText(entry + text(".tier"), text("heavy"));
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("beta")));
    QVERIFY(fixture.page().isComplete());
    const auto &tree = fixture.input<QTreeWidget>("models");
    QCOMPARE(tree.topLevelItemCount(), 1);
    QCOMPARE(tree.topLevelItem(0)->childCount(), 2);
    QCOMPARE(tree.topLevelItem(0)->child(0)->text(1), text("mine"));
    QCOMPARE(tree.topLevelItem(0)->child(0)->checkState(0), Qt::Checked);
    fixture.saveNow();
    QCOMPARE(fixture.saved().scalar(text("llms[0].tier")), text("heavy"));
    QCOMPARE(fixture.saved().entryCount(text("llms")), 1);
}

void TestModelsPage::showsBackendsThatAreAway()
{
    WizardFixture fixture;
    const QString entry = fixture.draft.appendEntry(text("llms"), text("mine"));
    fixture.draft.setText(entry + text(".url"), text("http://127.0.0.1:1/v1"));
    fixture.draft.setBoolean(entry + text(".publish"), true);
    fixture.open(SetupWizard::Models);
    const auto &tree = fixture.input<QTreeWidget>("models");
    QCOMPARE(tree.topLevelItemCount(), 1);
    QVERIFY2(tree.topLevelItem(0)->text(0).contains(text("asking")), "It has been judged unasked.");
    QTRY_VERIFY(tree.topLevelItem(0)->text(0).contains(text("does not answer now")));
    QVERIFY(!tree.topLevelItem(0)->toolTip(0).isEmpty());
    QVERIFY(fixture.page().isComplete());
}

void TestModelsPage::asksTheBackendsOfTheFile()
{
    WebStub elsewhere([](const QByteArray &head) {
        return head.contains("Bearer hush") ? WebStub::http(200, listOf({"mine", "gamma"})) : WebStub::http(401);
    });
    WizardFixture fixture;
    QFile key(fixture.home.filePath(text("backend.key")));
    QVERIFY(key.open(QIODevice::WriteOnly) && key.write("hush\n") > 0);
    key.close();
    // Another spelling of where it is.
    const QString url = QStringLiteral("http://localhost:%1/v1/").arg(elsewhere.port());
    const QString entry = fixture.draft.appendEntry(text("llms"), text("mine"));
    fixture.draft.setText(entry + text(".url"), url);
    fixture.draft.setText(entry + text(".apiKeyFile"), key.fileName());
    fixture.draft.setBoolean(entry + text(".publish"), true);
    fixture.ports = {elsewhere.port()};
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("gamma")));
    const auto &tree = fixture.input<QTreeWidget>("models");
    QCOMPARE(tree.topLevelItemCount(), 1);
    QCOMPARE(tree.topLevelItem(0)->childCount(), 2);
    QVERIFY(tree.topLevelItem(0)->text(0).contains(url));
    QVERIFY(tree.topLevelItem(0)->text(0).contains(text("vLLM")));
}

void TestModelsPage::addsByAddress()
{
    WebStub elsewhere([](const QByteArray &head) {
        return head.contains("Bearer hush") ? WebStub::http(200, listOf({"gamma"})) : WebStub::http(401);
    });
    WizardFixture fixture;
    fixture.open(SetupWizard::Models);
    QTest::mouseClick(&fixture.input<QPushButton>("addByAddress"), Qt::LeftButton);
    auto *const dialog = fixture.wizard->findChild<setup::AddBackendDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(text("backendAddress")), elsewhere.authority());
    QTest::keyClicks(dialog->findChild<QLineEdit *>(text("backendKey")), text("hush"));
    QTest::keyClick(dialog, Qt::Key_Return);
    QVERIFY(fixture.waitForModel(text("gamma")));
    fixture.tick(text("gamma"));
    while (fixture.wizard->currentId() < SetupWizard::LiveTest && fixture.next()) {
    }
    QCOMPARE(fixture.saves.size(), 1u);
    const auto file = fixture.saved().scalar(text("llms[0].apiKeyFile"));
    QVERIFY(file);
    QFile stored(*file);
    QVERIFY(stored.open(QIODevice::ReadOnly));
    QCOMPARE(stored.readAll(), QByteArray("hush\n"));
    QCOMPARE(stored.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(!fixture.saved().text().contains("hush"));
}

void TestModelsPage::saysWhyNothingIsAtAnAddress()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Models);
    QTest::mouseClick(&fixture.input<QPushButton>("addByAddress"), Qt::LeftButton);
    auto *const dialog = fixture.wizard->findChild<setup::AddBackendDialog *>();
    QVERIFY(dialog);
    QVERIFY(!dialog->findChild<QPushButton *>(text("add"))->isEnabled());
    QTest::keyClicks(dialog->findChild<QLineEdit *>(text("backendAddress")), text("no address"));
    QTest::keyClick(dialog, Qt::Key_Return);
    auto *const note = dialog->findChild<fields::NoteLine *>();
    QTRY_VERIFY(note->text().contains(text("is no address")));
    QVERIFY(dialog->isVisible());
}

void TestModelsPage::goesBackAndForth()
{
    ModelsFixture fixture;
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("beta")));
    fixture.tick(text("alpha"));
    QVERIFY(fixture.next());
    fixture.back();
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Models));
    fixture.tick(text("alpha"), false);
    fixture.tick(text("beta"));
    fixture.setName(text("beta"), text("second"));
    QVERIFY(fixture.next());
    fixture.back();
    fixture.setName(text("beta"), text("third"));
    fixture.saveNow();
    QCOMPARE(fixture.saved().entryCount(text("llms")), 1);
    QCOMPARE(fixture.saved().scalar(text("llms[0].name")), text("third"));
}

void TestModelsPage::givesAllModelsOfABackendTheRecipe()
{
    ModelsFixture fixture;
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("beta")));
    fixture.tick(text("alpha"));
    fixture.tick(text("beta"));
    QVERIFY(fixture.next());
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Wake));
    // One backend needs no choice of backends.
    QVERIFY(!fixture.input<QComboBox>("backend").isVisible());
    fixture.recipeInput<QComboBox>("type").setCurrentIndex(1);
    QTest::keyClicks(&fixture.recipeInput<QLineEdit>("command"), text("/bin/true"));
    fixture.saveNow();
    QCOMPARE(fixture.saved().scalar(text("llms[0].wake.command")), text("/bin/true"));
    QCOMPARE(fixture.saved().scalar(text("llms[1].wake.command")), text("/bin/true"));
}

void TestModelsPage::wantsACompleteRecipe()
{
    ModelsFixture fixture;
    fixture.open(SetupWizard::Models);
    QVERIFY(fixture.waitForModel(text("alpha")));
    fixture.tick(text("alpha"));
    QVERIFY(fixture.next());
    QVERIFY(fixture.page().isComplete());
    auto &type = fixture.recipeInput<QComboBox>("type");
    type.setCurrentIndex(1);
    QTRY_VERIFY(!fixture.page().isComplete());
    QVERIFY(fixture.missing().contains(text("not complete")));
    type.setCurrentIndex(0);
    QTRY_VERIFY(fixture.page().isComplete());
}

QTEST_MAIN(TestModelsPage)

#include "tst_modelspage.moc"
