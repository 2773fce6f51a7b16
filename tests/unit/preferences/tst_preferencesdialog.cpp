// The settings dialog as a whole: saving, closing, problems, and a file that somebody else changes.

#include "dialogfixture.h"

#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>

using namespace hearth;
using namespace hearth::preferences;

namespace {

const QByteArray twoModels = "name: box\n"
                             "llms:\n"
                             "  - {name: first, url: 'http://127.0.0.1:1/v1'}\n"
                             "  - {name: second, url: 'http://127.0.0.1:2/v1'}\n";

} // namespace

class TestPreferencesDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savesWhatIsTyped();
    void appliesAndStays();
    void closesWhenNothingWasTyped();
    void asksAboutUnsavedChanges();
    void asksWhenTheWindowIsClosed();
    void savesFromTheQuestion();
    void savesNothingWithAProblem();
    void judgesBeforeItSaves();
    void goesToTheFirstProblem();
    void goesToProblemsOfOtherModels();
    void saysWhySavingFailed();
    void asksBeforeItConnectsAgain();
    void takesOverTheFile();
    void letsTheOwnerChoose();
    void savesNothingOverABrokenFile();
    void bringsAFileBackThatIsGone();
    void saysWhenItIsUsed_data();
    void saysWhenItIsUsed();
    void savesNothingBeforeTheOwnerHasChosen();
    void savesNothingWhenTheFileChangesUnderTheQuestion();
    void resets();
    void changesTheAutostart();
    void showsAModel();
};

void TestPreferencesDialog::savesWhatIsTyped()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    fixture.button(QDialogButtonBox::Save)->click();
    QCOMPARE(fixture.saved.size(), 1);
    const QByteArray expected = QByteArray(twoModels).replace("name: box", "name: desk");
    QVERIFY(fixture.saved.first().endsWith(expected));
    QVERIFY(!fixture.dialog.isVisible());
}

void TestPreferencesDialog::appliesAndStays()
{
    DialogFixture fixture(twoModels);
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    QVERIFY(fixture.button(QDialogButtonBox::Apply)->isEnabled());
    fixture.button(QDialogButtonBox::Apply)->click();
    QCOMPARE(fixture.saved.size(), 1);
    QVERIFY(fixture.dialog.isVisible());
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
    fixture.dialog.reject();
    QVERIFY(!fixture.dialog.isVisible());
}

void TestPreferencesDialog::closesWhenNothingWasTyped()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    fixture.type(QStringLiteral("name"), QStringLiteral("box"));
    fixture.button(QDialogButtonBox::Cancel)->click();
    QVERIFY(!fixture.dialog.isVisible());
    QVERIFY(fixture.saved.isEmpty());
}

void TestPreferencesDialog::asksAboutUnsavedChanges()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    QTest::keyClick(&fixture.dialog, Qt::Key_Escape);
    QMessageBox *box = fixture.question(QStringLiteral("unsavedQuestion"));
    QVERIFY(box);
    box->button(QMessageBox::Cancel)->click();
    QVERIFY(fixture.dialog.isVisible());
    fixture.dialog.reject();
    box = fixture.question(QStringLiteral("unsavedQuestion"));
    QVERIFY(box);
    box->button(QMessageBox::Discard)->click();
    QVERIFY(!fixture.dialog.isVisible());
    QVERIFY(fixture.saved.isEmpty());
}

void TestPreferencesDialog::asksWhenTheWindowIsClosed()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    QVERIFY(!fixture.dialog.close());
    QVERIFY(fixture.dialog.isVisible());
    QVERIFY(fixture.question(QStringLiteral("unsavedQuestion")));
}

void TestPreferencesDialog::savesFromTheQuestion()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    fixture.dialog.reject();
    fixture.question(QStringLiteral("unsavedQuestion"))->button(QMessageBox::Save)->click();
    QCOMPARE(fixture.saved.size(), 1);
    QVERIFY(!fixture.dialog.isVisible());
}

void TestPreferencesDialog::savesNothingWithAProblem()
{
    DialogFixture fixture(twoModels);
    QCOMPARE(fixture.note(QStringLiteral("problems")), QString());
    fixture.type(QStringLiteral("server"), QStringLiteral("nowhere"));
    fixture.type(QStringLiteral("extraTasks"), QStringLiteral("many"));
    fixture.judge();
    QVERIFY(!fixture.button(QDialogButtonBox::Save)->isEnabled());
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
    QVERIFY(fixture.note(QStringLiteral("problems")).startsWith(u'2'));
    QVERIFY(!fixture.field(QStringLiteral("server"))->problem().isEmpty());
    fixture.type(QStringLiteral("server"), {});
    fixture.type(QStringLiteral("extraTasks"), {});
    fixture.judge();
    QVERIFY(fixture.button(QDialogButtonBox::Save)->isEnabled());
    QCOMPARE(fixture.note(QStringLiteral("problems")), QString());
}

void TestPreferencesDialog::judgesBeforeItSaves()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("server"), QStringLiteral("nowhere"));
    // Faster than the judgement of what was typed.
    fixture.button(QDialogButtonBox::Save)->click();
    QVERIFY(fixture.saved.isEmpty());
    QVERIFY(fixture.dialog.isVisible());
    QVERIFY(!fixture.button(QDialogButtonBox::Save)->isEnabled());
}

void TestPreferencesDialog::goesToTheFirstProblem()
{
    DialogFixture fixture(twoModels);
    QVERIFY(QTest::qWaitForWindowActive(&fixture.dialog));
    fixture.type(QStringLiteral("channel.closeTimeoutSeconds"), QStringLiteral("0"));
    fixture.judge();
    fixture.button(QStringLiteral("showProblem"))->click();
    const QWidget *input = fixture.field(QStringLiteral("channel.closeTimeoutSeconds"))->input();
    QVERIFY(input->hasFocus());
    QVERIFY(!input->visibleRegion().isEmpty());
    QCOMPARE(fixture.dialog.findChild<QListWidget *>(QStringLiteral("pages"))->currentRow(),
             int(PreferencesDialog::Page::Limits));
}

void TestPreferencesDialog::goesToProblemsOfOtherModels()
{
    DialogFixture fixture(twoModels);
    QVERIFY(QTest::qWaitForWindowActive(&fixture.dialog));
    fixture.dialog.showLlm(QStringLiteral("second"));
    fixture.type(QStringLiteral("llms[1].probe.path"), QStringLiteral("models"));
    fixture.dialog.showLlm(QStringLiteral("first"));
    fixture.dialog.showPage(PreferencesDialog::Page::General);
    fixture.judge();
    fixture.button(QStringLiteral("showProblem"))->click();
    const fields::Field *field = fixture.field(QStringLiteral("llms[1].probe.path"));
    QVERIFY(field);
    QVERIFY(field->input()->hasFocus());
    QVERIFY(field->isVisible());
    QVERIFY(!field->problem().isEmpty());
}

void TestPreferencesDialog::saysWhySavingFailed()
{
    DialogFixture fixture(twoModels);
    fixture.answer = Error{ErrorCode::Io, QStringLiteral("No space left on device.")};
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    fixture.button(QDialogButtonBox::Save)->click();
    QVERIFY(fixture.dialog.isVisible());
    QVERIFY(fixture.note(QStringLiteral("outcome")).contains(QLatin1String("No space left")));
    fixture.answer = {};
    fixture.button(QDialogButtonBox::Save)->click();
    QCOMPARE(fixture.saved.size(), 2);
    QCOMPARE(fixture.saved.last(), fixture.saved.first());
    QVERIFY(!fixture.dialog.isVisible());
}

void TestPreferencesDialog::asksBeforeItConnectsAgain()
{
    DialogFixture fixture(twoModels);
    fixture.requestsAtRisk = 3;
    fixture.type(QStringLiteral("server"), QStringLiteral("http://127.0.0.1:9"));
    fixture.button(QDialogButtonBox::Save)->click();
    QMessageBox *box = fixture.question(QStringLiteral("reconnectQuestion"));
    QVERIFY(box);
    QVERIFY(box->text().contains(u'3'));
    QVERIFY(fixture.saved.isEmpty());
    box->button(QMessageBox::Cancel)->click();
    QVERIFY(fixture.saved.isEmpty());
    QVERIFY(fixture.dialog.isVisible());

    fixture.button(QDialogButtonBox::Save)->click();
    box = fixture.question(QStringLiteral("reconnectQuestion"));
    QVERIFY(box);
    for (QAbstractButton *choice : box->buttons()) {
        if (box->buttonRole(choice) == QMessageBox::AcceptRole)
            choice->click();
    }
    QCOMPARE(fixture.saved.size(), 1);
    QVERIFY(!fixture.dialog.isVisible());
}

void TestPreferencesDialog::takesOverTheFile()
{
    DialogFixture fixture(twoModels);
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    QCOMPARE(qobject_cast<QLineEdit *>(fixture.field(QStringLiteral("name"))->input())->text(),
             QStringLiteral("theirs"));
    QVERIFY(!fixture.button(QStringLiteral("keepMine"))->isVisible());
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
}

void TestPreferencesDialog::letsTheOwnerChoose()
{
    DialogFixture fixture(twoModels);
    const auto *name = qobject_cast<QLineEdit *>(fixture.field(QStringLiteral("name"))->input());
    fixture.type(QStringLiteral("name"), QStringLiteral("mine"));
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    QCOMPARE(name->text(), QStringLiteral("mine"));
    QVERIFY(fixture.button(QStringLiteral("keepMine"))->isVisible());
    QVERIFY(!fixture.button(QDialogButtonBox::Save)->isEnabled());
    fixture.button(QStringLiteral("keepMine"))->click();
    QVERIFY(fixture.button(QDialogButtonBox::Save)->isEnabled());
    fixture.button(QDialogButtonBox::Apply)->click();
    QVERIFY(fixture.saved.last().contains("name: mine"));
    QVERIFY(fixture.savedOver.last().contains("name: theirs"));

    fixture.type(QStringLiteral("name"), QStringLiteral("mine again"));
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    fixture.button(QStringLiteral("takeTheirs"))->click();
    QCOMPARE(name->text(), QStringLiteral("theirs"));
    QVERIFY(!fixture.button(QStringLiteral("keepMine"))->isVisible());
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
}

void TestPreferencesDialog::savesNothingBeforeTheOwnerHasChosen()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("mine"));
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    QVERIFY(QTest::qWaitForWindowActive(&fixture.dialog));
    fixture.dialog.reject();
    fixture.question(QStringLiteral("unsavedQuestion"))->button(QMessageBox::Save)->click();
    QVERIFY(fixture.saved.isEmpty());
    QVERIFY(fixture.dialog.isVisible());
    QTRY_VERIFY(fixture.button(QStringLiteral("keepMine"))->hasFocus());
}

void TestPreferencesDialog::savesNothingWhenTheFileChangesUnderTheQuestion()
{
    DialogFixture fixture(twoModels);
    fixture.requestsAtRisk = 2;
    fixture.type(QStringLiteral("name"), QStringLiteral("mine"));
    fixture.button(QDialogButtonBox::Save)->click();
    const QMessageBox *question = fixture.question(QStringLiteral("reconnectQuestion"));
    QVERIFY(question);
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    for (QAbstractButton *choice : question->buttons()) {
        if (question->buttonRole(choice) == QMessageBox::AcceptRole)
            choice->click();
    }
    QVERIFY(fixture.saved.isEmpty());
    QVERIFY(fixture.dialog.isVisible());
}

void TestPreferencesDialog::savesNothingOverABrokenFile()
{
    DialogFixture fixture(twoModels);
    fixture.dialog.fileBroken(QStringLiteral("Line 3 is wrong."));
    QVERIFY(fixture.note(QStringLiteral("foreignChange")).contains(QStringLiteral("Line 3 is wrong.")));
    QVERIFY(!fixture.button(QDialogButtonBox::Save)->isEnabled());
    QVERIFY(!fixture.button(QStringLiteral("keepMine"))->isVisible());
    QVERIFY(!fixture.button(QStringLiteral("takeTheirs"))->isVisible());
    fixture.type(QStringLiteral("name"), QStringLiteral("mine"));
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    QVERIFY(fixture.button(QStringLiteral("keepMine"))->isVisible());
    fixture.button(QStringLiteral("takeTheirs"))->click();
    QVERIFY(fixture.button(QDialogButtonBox::Save)->isEnabled());
}

void TestPreferencesDialog::bringsAFileBackThatIsGone()
{
    DialogFixture fixture(twoModels);
    draft::ConfigDraft inForce = fixture.changedFile(QStringLiteral("name"), QStringLiteral("box"));
    inForce.setBase({});
    fixture.dialog.fileChanged(inForce);
    fixture.button(QDialogButtonBox::Apply)->click();
    QCOMPARE(fixture.saved, QList<QByteArray>{inForce.text()});
    QVERIFY(!fixture.button(QDialogButtonBox::Apply)->isEnabled());
}

void TestPreferencesDialog::saysWhenItIsUsed_data()
{
    QTest::addColumn<status::Situation>("situation");
    QTest::addColumn<QString>("words");
    QTest::newRow("here") << status::Situation::Here << QStringLiteral("applied");
    QTest::newRow("elsewhere") << status::Situation::Elsewhere
                               << QStringLiteral("hearth-publisher (process 4711) uses it after its next start");
    QTest::newRow("nowhere") << status::Situation::Nowhere << QStringLiteral("as soon as");
}

void TestPreferencesDialog::saysWhenItIsUsed()
{
    QFETCH(status::Situation, situation);
    QFETCH(QString, words);
    DialogFixture fixture(twoModels);
    fixture.snapshot.situation = situation;
    fixture.snapshot.program = QStringLiteral("hearth-publisher");
    fixture.snapshot.processId = 4711;
    fixture.type(QStringLiteral("name"), QStringLiteral("mine"));
    fixture.button(QDialogButtonBox::Apply)->click();
    const QString note = fixture.note(QStringLiteral("outcome"));
    QVERIFY2(note.contains(words), qPrintable(note));
}

void TestPreferencesDialog::resets()
{
    DialogFixture fixture(twoModels);
    fixture.type(QStringLiteral("name"), QStringLiteral("desk"));
    fixture.button(QStringLiteral("llms.remove"))->click();
    fixture.button(QDialogButtonBox::Reset)->click();
    QCOMPARE(qobject_cast<QLineEdit *>(fixture.field(QStringLiteral("name"))->input())->text(), QStringLiteral("box"));
    QCOMPARE(fixture.dialog.findChild<QListWidget *>(QStringLiteral("llms"))->count(), 2);
    QVERIFY(!fixture.button(QDialogButtonBox::Reset)->isEnabled());
}

void TestPreferencesDialog::changesTheAutostart()
{
    DialogFixture fixture(twoModels);
    QVERIFY(!fixture.autostart.isEnabled());
    auto *box = fixture.dialog.findChild<QAbstractButton *>(QStringLiteral("autostart"));
    box->click();
    QVERIFY(!fixture.autostart.isEnabled());
    fixture.button(QDialogButtonBox::Apply)->click();
    QVERIFY(fixture.autostart.isEnabled());
    QVERIFY(fixture.saved.isEmpty());
    box->click();
    fixture.dialog.reject();
    fixture.question(QStringLiteral("unsavedQuestion"))->button(QMessageBox::Discard)->click();
    QVERIFY(fixture.autostart.isEnabled());
}

void TestPreferencesDialog::showsAModel()
{
    DialogFixture fixture(twoModels);
    fixture.dialog.showLlm(QStringLiteral("second"));
    QVERIFY(fixture.field(QStringLiteral("llms[1].name"))->isVisible());
    QCOMPARE(qobject_cast<QLineEdit *>(fixture.field(QStringLiteral("llms[1].name"))->input())->text(),
             QStringLiteral("second"));
}

QTEST_MAIN(TestPreferencesDialog)
#include "tst_preferencesdialog.moc"
