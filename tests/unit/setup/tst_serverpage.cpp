// The page on server and key, with a real hearthd behind it.

#include "stack.h"
#include "webstub.h"
#include "wizardfixture.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>

using namespace hearth;
using hearth::setup::SetupWizard;
using State = testsupport::MemoryKeyStore::State;
using testsupport::Stack;

class TestServerPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void checksWhileTyping();
    void hidesTheKey();
    void offersCertificatesForHttps();
    void saysWhereTheKeyWillBe_data();
    void saysWhereTheKeyWillBe();
    void asksALockedKeyringAgain();
    void keepsTheStoredKey_data();
    void keepsTheStoredKey();
    void givesTheStoredKeyToNobodyElse();
    void restsWhenItIsLeft();
    void complainsAboutAKeyFile();
    void keepsWhatWasTyped();

private:
    std::unique_ptr<Stack> m_stack;
};

namespace {

QString text(const char *latin)
{
    return QString::fromLatin1(latin);
}

} // namespace

void TestServerPage::initTestCase()
{
    m_stack = std::make_unique<Stack>();
    QVERIFY2(m_stack->makeKeys() && m_stack->startServer(), m_stack->logTails().constData());
}

void TestServerPage::checksWhileTyping()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Server);
    QVERIFY(fixture.missing().contains(text("address")));
    fixture.type("server", m_stack->serverUrl().toString());
    QVERIFY(fixture.missing().contains(text("key")));
    QTRY_VERIFY(fixture.note("result").contains(text("There is a Hearth server")));
    QVERIFY(!fixture.page().isComplete());

    fixture.type("key", text("hk_wrong"));
    QVERIFY(fixture.missing().contains(text("Waiting")));
    QTRY_VERIFY(fixture.note("result").contains(text("does not know this key")));
    QVERIFY(!fixture.wizard->button(QWizard::NextButton)->isEnabled());

    fixture.type("key", QString::fromLatin1(m_stack->key("client")));
    QTRY_VERIFY(fixture.note("result").contains(text("may not publish")));
    QVERIFY(!fixture.page().isComplete());

    fixture.type("key", QString::fromLatin1(m_stack->key("publisher")));
    QTRY_VERIFY(fixture.page().isComplete());
    QVERIFY(fixture.missing().isEmpty());

    // One more letter, and nothing is known any more.
    QTest::keyClicks(&fixture.input<QLineEdit>("server"), text("0"));
    QVERIFY(!fixture.page().isComplete());
}

void TestServerPage::hidesTheKey()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Server);
    const auto &key = fixture.input<QLineEdit>("key");
    QCOMPARE(key.echoMode(), QLineEdit::Password);
    fixture.input<QCheckBox>("showKey").click();
    QCOMPARE(key.echoMode(), QLineEdit::Normal);
    fixture.input<QCheckBox>("showKey").click();
    QCOMPARE(key.echoMode(), QLineEdit::Password);
}

void TestServerPage::offersCertificatesForHttps()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Server);
    auto &advanced = fixture.input<QAbstractButton>("advanced");
    QVERIFY(!advanced.isVisible());
    fixture.type("server", text("https://hearth.invalid"));
    QVERIFY(advanced.isVisible());
    QVERIFY(!fixture.input<QLineEdit>("caFile").isVisible());
    advanced.click();
    QVERIFY(fixture.input<QLineEdit>("caFile").isVisible());
    fixture.type("server", text("http://hearth.invalid"));
    QVERIFY(!fixture.input<QLineEdit>("caFile").isVisible());
}

void TestServerPage::saysWhereTheKeyWillBe_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("words");
    QTest::newRow("keyring") << State::Open << text("in the keyring");
    QTest::newRow("locked") << State::Locked << text("Unlock it");
    QTest::newRow("none") << State::Missing << text("only you can read");
}

void TestServerPage::saysWhereTheKeyWillBe()
{
    QFETCH(State, state);
    QFETCH(QString, words);
    WizardFixture fixture;
    fixture.keys.state = state;
    fixture.open(SetupWizard::Server);
    QTRY_VERIFY2(fixture.input<QLabel>("keyPlace").text().contains(words),
                 qPrintable(fixture.input<QLabel>("keyPlace").text()));
}

void TestServerPage::asksALockedKeyringAgain()
{
    WizardFixture fixture;
    fixture.keys.state = State::Locked;
    fixture.draft.setText(text("server"), m_stack->serverUrl().toString());
    fixture.draft.setText(text("keyStore"), text("keyring"));
    fixture.keys.keys.insert(platform::keyEntry(fixture.configFile()), m_stack->key("publisher"));
    fixture.open(SetupWizard::Server);
    QTRY_VERIFY(fixture.input<QLabel>("keyPlace").text().contains(text("Unlock it")));
    QVERIFY(!fixture.page().isComplete());
    fixture.keys.state = State::Open;
    QTRY_VERIFY(fixture.page().isComplete());
}

void TestServerPage::keepsTheStoredKey_data()
{
    QTest::addColumn<bool>("isInKeyring");
    QTest::newRow("keyring") << true;
    QTest::newRow("file") << false;
}

void TestServerPage::keepsTheStoredKey()
{
    QFETCH(bool, isInKeyring);
    WizardFixture fixture;
    fixture.draft.setText(text("server"), m_stack->serverUrl().toString());
    if (isInKeyring) {
        fixture.draft.setText(text("keyStore"), text("keyring"));
        fixture.keys.keys.insert(platform::keyEntry(fixture.configFile()), m_stack->key("publisher"));
    } else {
        QFile file(fixture.home.filePath(text("mine.key")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_stack->key("publisher")) > 0);
        fixture.draft.setText(text("keyFile"), file.fileName());
    }
    fixture.open(SetupWizard::Server);
    QCOMPARE(fixture.input<QLineEdit>("server").text(), m_stack->serverUrl().toString());
    QTRY_VERIFY(fixture.page().isComplete());
    QVERIFY(fixture.input<QLineEdit>("key").text().isEmpty());
    QVERIFY(fixture.input<QLabel>("keyPlace").text().contains(text("Leave this empty")));
}

void TestServerPage::givesTheStoredKeyToNobodyElse()
{
    QByteArray heads;
    WebStub other([&heads](const QByteArray &head) {
        heads += head;
        return WebStub::http(404);
    });
    WizardFixture fixture;
    fixture.draft.setText(text("server"), m_stack->serverUrl().toString());
    fixture.draft.setText(text("keyStore"), text("keyring"));
    fixture.keys.keys.insert(platform::keyEntry(fixture.configFile()), m_stack->key("publisher"));
    fixture.open(SetupWizard::Server);
    QTRY_VERIFY(fixture.page().isComplete());
    fixture.type("server", text("http://") + other.authority());
    QVERIFY(fixture.missing().contains(text("key")));
    QTRY_VERIFY(!heads.isEmpty());
    QVERIFY2(!heads.contains("hk_"), heads.constData());
    fixture.type("server", m_stack->serverUrl().toString());
    QTRY_VERIFY(fixture.page().isComplete());
}

void TestServerPage::restsWhenItIsLeft()
{
    WizardFixture fixture;
    fixture.keys.state = State::Locked;
    fixture.open(SetupWizard::Server);
    QVERIFY(fixture.enterServer(m_stack->serverUrl(), m_stack->key("publisher")));
    QCoreApplication::processEvents();
    const int reads = fixture.keys.reads;
    QTest::qWait(5 * int(fixture.times.keyringRetry.count()));
    QCOMPARE(fixture.keys.reads, reads);
}

void TestServerPage::complainsAboutAKeyFile()
{
    WizardFixture fixture;
    fixture.draft.setText(text("keyFile"), text("/nowhere/publisher.key"));
    fixture.open(SetupWizard::Server);
    QVERIFY(fixture.input<QLabel>("keyPlace").text().contains(text("/nowhere/publisher.key")));
    QVERIFY(!fixture.page().isComplete());
}

void TestServerPage::keepsWhatWasTyped()
{
    WizardFixture fixture;
    fixture.open(SetupWizard::Welcome);
    QVERIFY(fixture.next());
    QVERIFY(fixture.enterServer(m_stack->serverUrl(), m_stack->key("publisher")));
    fixture.back();
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Server));
    fixture.back();
    QCOMPARE(fixture.wizard->currentId(), int(SetupWizard::Welcome));
    QVERIFY(fixture.next());
    QCOMPARE(fixture.input<QLineEdit>("server").text(), m_stack->serverUrl().toString());
    QCOMPARE(fixture.input<QLineEdit>("key").text(), QString::fromLatin1(m_stack->key("publisher")));
    QTRY_VERIFY(fixture.page().isComplete());
}

QTEST_MAIN(TestServerPage)

#include "tst_serverpage.moc"
