// The whole way through the wizard, against a real server that offers a model already.

#include "scriptedbackend.h"
#include "stack.h"
#include "wizardfixture.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>

using namespace hearth;
using hearth::channel::ReportedState;
using hearth::setup::SetupWizard;
using State = testsupport::MemoryKeyStore::State;
using testsupport::Stack;

class TestSetupWizard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void publishesAModel();
    void worksByKeyboardAlone();
    void namesEveryInput();
    void leavesAllAsItWasWhenCancelled();
    void storesTheKeyInAFile();
    void waitsForALockedKeyring();
    void savesNothingAfterCancel();
    void showsThatSavingFailed();
    void startsWithTheDesktop();
    void testsWithAnotherKey();
    void saysWhyTheTestWaits_data();
    void saysWhyTheTestWaits();

private:
    /// Up to the summary, with the model of the scripted backend.
    bool goToSummary(WizardFixture &fixture);

    std::unique_ptr<Stack> m_stack;
    ScriptedBackend m_backend;
};

namespace {

QString text(const char *latin)
{
    return QString::fromLatin1(latin);
}

} // namespace

void TestSetupWizard::initTestCase()
{
    m_stack = std::make_unique<Stack>();
    QVERIFY(!m_stack->createKey("both", {text("--scope"), text("publish"), text("--scope"), text("infer")}).isEmpty());
    QVERIFY2(m_stack->start(), m_stack->logTails().constData());
    // What the wizard is to publish, the stack's own publisher offers already under this name.
    m_backend.modelList = R"({"data":[{"id":"test-llm"},{"id":"another"}]})";
}

bool TestSetupWizard::goToSummary(WizardFixture &fixture)
{
    fixture.ports = {quint16(QUrl(QString::fromLatin1(m_backend.url())).port())};
    fixture.open();
    if (!fixture.next() || !fixture.enterServer(m_stack->serverUrl(), m_stack->key("publisher")) ||
        !fixture.waitForModel(text("test-llm")))
        return false;
    fixture.tick(text("test-llm"));
    return fixture.next() && fixture.next() && fixture.next() && fixture.wizard->currentId() == SetupWizard::Summary;
}

void TestSetupWizard::publishesAModel()
{
    WizardFixture fixture;
    const QByteArray key = m_stack->key("both");
    fixture.ports = {quint16(QUrl(QString::fromLatin1(m_backend.url())).port())};
    fixture.open();
    QVERIFY(fixture.next());
    QVERIFY(fixture.enterServer(m_stack->serverUrl(), key));
    QVERIFY(fixture.waitForModel(text("test-llm")));
    fixture.tick(text("test-llm"));
    for (const int id : {SetupWizard::Wake, SetupWizard::Autostart, SetupWizard::Summary}) {
        QVERIFY(fixture.next());
        QCOMPARE(fixture.wizard->currentId(), id);
        QVERIFY(fixture.saves.empty());
        QVERIFY(fixture.keys.keys.isEmpty());
    }
    QVERIFY(fixture.next());
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::LiveTest));
    QCOMPARE(fixture.saves.size(), 1u);
    QCOMPARE(fixture.saved().scalar(text("server")), m_stack->serverUrl().toString());
    QCOMPARE(fixture.saved().scalar(text("keyStore")), text("keyring"));
    QCOMPARE(fixture.saved().scalar(text("llms[0].name")), text("test-llm"));
    QVERIFY(!fixture.saved().text().contains(key));
    QCOMPARE(fixture.keys.keys.value(platform::keyEntry(fixture.configFile())), key);
    QCOMPARE(fixture.storedKeys, 1);
    QVERIFY(!fixture.autostart.isEnabled());

    // The test waits for the publisher, and then sends one request.
    QVERIFY(fixture.input<QPlainTextEdit>("answer").isHidden());
    QVERIFY(fixture.wizard->button(QWizard::FinishButton)->isEnabled());
    const qsizetype before = m_stack->backendRequests().size();
    fixture.snapshot = WizardFixture::online(text("test-llm"), ReportedState::Active);
    QTRY_VERIFY(fixture.note("result").contains(text("It works")));
    QVERIFY(!fixture.input<QPlainTextEdit>("answer").toPlainText().isEmpty());
    QCOMPARE(m_stack->backendRequests().size(), before + 1);
    QTest::mouseClick(&fixture.input<QPushButton>("copy"), Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(text("curl ")));
    fixture.wizard->button(QWizard::FinishButton)->click();
    QVERIFY(!fixture.wizard->isVisible());
}

void TestSetupWizard::worksByKeyboardAlone()
{
    WizardFixture fixture;
    fixture.ports = {quint16(QUrl(QString::fromLatin1(m_backend.url())).port())};
    fixture.open();
    const auto press = [](Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(QGuiApplication::focusWindow(), key, modifiers);
    };
    const auto typeText = [](const QString &typed) {
        for (const QChar c : typed)
            QTest::keyClick(QGuiApplication::focusWindow(), c.toLatin1());
    };
    const auto tabTo = [&](const QWidget &widget) {
        for (int i = 0; i < 30 && !widget.hasFocus(); ++i)
            press(Qt::Key_Tab);
        return widget.hasFocus();
    };
    press(Qt::Key_Return);
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Server));
    QVERIFY(tabTo(fixture.input<QLineEdit>("server")));
    typeText(m_stack->serverUrl().toString());
    press(Qt::Key_Tab);
    QVERIFY(fixture.input<QLineEdit>("key").hasFocus());
    typeText(QString::fromLatin1(m_stack->key("publisher")));
    QTRY_VERIFY(fixture.page().isComplete());
    press(Qt::Key_Return);
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Models));
    QVERIFY(fixture.waitForModel(text("another")));
    QVERIFY(tabTo(fixture.input<QTreeWidget>("models")));
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    press(Qt::Key_Space);
    QTRY_VERIFY(fixture.page().isComplete());
    QVERIFY(tabTo(*fixture.wizard->button(QWizard::NextButton)));
    for (const int id : {SetupWizard::Wake, SetupWizard::Autostart, SetupWizard::Summary, SetupWizard::LiveTest}) {
        QVERIFY(tabTo(*fixture.wizard->button(QWizard::NextButton)));
        press(Qt::Key_Space);
        QTRY_COMPARE(fixture.wizard->currentId(), id);
    }
    QCOMPARE(fixture.saves.size(), 1u);
    QCOMPARE(fixture.saved().entryCount(text("llms")), 1);
}

void TestSetupWizard::namesEveryInput()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    QVERIFY(fixture.next());
    for (const int id : fixture.wizard->pageIds()) {
        for (QWidget *const widget : fixture.wizard->page(id)->findChildren<QWidget *>()) {
            // What a list to choose from pops up is a window of its own, and Qt's affair.
            const bool isInput = (widget->focusPolicy() & Qt::TabFocus) && widget->window() == fixture.wizard.get();
            if (!isInput)
                continue;
            QAccessibleInterface *const face = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(),
                     qPrintable(QStringLiteral("page %1: %2 %3 has no name")
                                    .arg(id)
                                    .arg(QLatin1String(widget->metaObject()->className()), widget->objectName())));
        }
    }
}

void TestSetupWizard::leavesAllAsItWasWhenCancelled()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.wizard->reject();
    fixture.wizard.reset();
    QVERIFY(fixture.saves.empty());
    QVERIFY(fixture.keys.keys.isEmpty());
    QCOMPARE(fixture.storedKeys, 0);
    QVERIFY(!QFile::exists(fixture.home.filePath(text("hearth"))));
}

void TestSetupWizard::storesTheKeyInAFile()
{
    WizardFixture fixture;
    fixture.keys.state = State::Missing;
    QVERIFY(goToSummary(fixture));
    QVERIFY(fixture.next());
    const auto keyFile = fixture.saved().scalar(text("keyFile"));
    QVERIFY(keyFile);
    QVERIFY(!fixture.saved().scalar(text("keyStore")));
    QFile file(*keyFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed(), m_stack->key("publisher"));
    QVERIFY(fixture.note("notice").contains(*keyFile));
}

void TestSetupWizard::waitsForALockedKeyring()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.keys.state = State::Locked;
    fixture.wizard->next();
    QTRY_VERIFY(fixture.note("result").contains(text("Unlock it")));
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Summary));
    QVERIFY(fixture.saves.empty());
    fixture.keys.state = State::Open;
    QVERIFY(fixture.next());
    QCOMPARE(fixture.saved().scalar(text("keyStore")), text("keyring"));
}

void TestSetupWizard::savesNothingAfterCancel()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    // The keyring answers from the event loop, which is after the wizard has been closed.
    fixture.wizard->next();
    QVERIFY(fixture.missing().contains(text("Saving")));
    fixture.wizard->reject();
    QTRY_VERIFY(!fixture.keys.keys.isEmpty());
    QCoreApplication::processEvents();
    QVERIFY(fixture.saves.empty());
}

void TestSetupWizard::showsThatSavingFailed()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.saveResult = Error{ErrorCode::Io, text("The disk is full.")};
    fixture.wizard->next();
    QTRY_VERIFY(fixture.note("result").contains(text("The disk is full.")));
    // The key has been stored by then, and that is said.
    QVERIFY(fixture.note("result").contains(text("It stays there")));
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Summary));
    QCOMPARE(fixture.storedKeys, 0);
    fixture.saveResult = Error{ErrorCode::Conflict, {}};
    fixture.wizard->next();
    QTRY_VERIFY(fixture.note("result").contains(text("open it again")));
    fixture.saveResult = {};
    QVERIFY(fixture.next());
    QCOMPARE(fixture.storedKeys, 1);
}

void TestSetupWizard::startsWithTheDesktop()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.back();
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Autostart));
    QVERIFY(!fixture.input<QCheckBox>("autostart").isChecked());
    fixture.input<QCheckBox>("autostart").click();
    QVERIFY(fixture.next());
    QVERIFY(!fixture.autostart.isEnabled());
    QVERIFY(fixture.next());
    QVERIFY(fixture.autostart.isEnabled());
}

void TestSetupWizard::testsWithAnotherKey()
{
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.snapshot = WizardFixture::online(text("test-llm"), ReportedState::Active);
    QVERIFY(fixture.next());
    QTRY_VERIFY(fixture.note("result").contains(text("may publish but not send requests")));
    QVERIFY(fixture.input<QLineEdit>("inferKey").isVisible());
    fixture.type("inferKey", QString::fromLatin1(m_stack->key("client")));
    QTest::mouseClick(&fixture.input<QPushButton>("send"), Qt::LeftButton);
    QTRY_VERIFY(fixture.note("result").contains(text("It works")));
}

void TestSetupWizard::saysWhyTheTestWaits_data()
{
    QTest::addColumn<std::function<void(status::PublisherSnapshot &)>>("change");
    QTest::addColumn<QString>("words");
    using Change = std::function<void(status::PublisherSnapshot &)>;
    QTest::newRow("offline") << Change([](status::PublisherSnapshot &snapshot) {
        snapshot.state = publisher::ConnectionState::Offline;
        snapshot.problem = text("The server cannot be reached.");
    }) << text("cannot be reached");
    QTest::newRow("name taken") << Change([](status::PublisherSnapshot &snapshot) {
        snapshot.llms.front().outcome->status = channel::EntryStatus::Conflict;
        snapshot.llms.front().outcome->message = text("It is another's.");
    }) << text("It is another's.");
    QTest::newRow("backend away") << Change([](status::PublisherSnapshot &snapshot) {
        snapshot.llms.front().state = ReportedState::Inactive;
    }) << text("does not answer");
    QTest::newRow("paused") << Change([](status::PublisherSnapshot &snapshot) {
        snapshot.llms.front().state = ReportedState::Paused;
    }) << text("paused");
}

void TestSetupWizard::saysWhyTheTestWaits()
{
    QFETCH(std::function<void(status::PublisherSnapshot &)>, change);
    QFETCH(QString, words);
    WizardFixture fixture;
    QVERIFY(goToSummary(fixture));
    fixture.snapshot = WizardFixture::online(text("test-llm"), ReportedState::Active);
    change(fixture.snapshot);
    QVERIFY(fixture.next());
    QTRY_VERIFY2(fixture.note("result").contains(words), qPrintable(fixture.note("result")));
    QVERIFY(fixture.wizard->button(QWizard::FinishButton)->isEnabled());
}

QTEST_MAIN(TestSetupWizard)

#include "tst_setupwizard.moc"
