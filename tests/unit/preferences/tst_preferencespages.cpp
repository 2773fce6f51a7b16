// The pages of the settings dialog that do more than bind a field to a key.

#include "backendpicker.h"
#include "connectioncheck.h"
#include "dialogfixture.h"
#include "poolfield.h"
#include "webstub.h"

#include <QCheckBox>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryFile>
#include <QTest>
#include <QTimeEdit>
#include <QTreeWidget>

#include <algorithm>

using namespace hearth;
using namespace hearth::fields;
using testsupport::MemoryKeyStore;

namespace {

const QByteArray configuration = "llms:\n"
                                 "  - {name: a, model: m, url: 'http://127.0.0.1:1/v1', publish: true}\n"
                                 "  - {name: b, url: 'http://127.0.0.1:2/v1', publish: true}\n"
                                 "agents:\n"
                                 "  - {name: c, llm: a}\n"
                                 "  - {name: d, pool: m}\n";

struct Pages : DialogFixture
{
    explicit Pages(const QByteArray &more = configuration)
        : DialogFixture(more)
        , editor(*dialog.findChild<DraftEditor *>())
    {}

    std::optional<QString> value(const QString &key) const { return editor.draft().scalar(key); }

    DraftEditor &editor;
};

} // namespace

class TestPreferencesPages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choosesAPool();
    void pinsAnAgent();
    void offersTheOwnModels();
    void warnsBeforeAModelWithAgentsGoes();
    void removesAModelWithoutAgentsAtOnce();
    void editsTheSchedule();
    void keepsSpansThatItCannotShow();
    void offersRunningPrograms();
    void storesAKeyInTheKeyring();
    void storesAKeyInAFile();
    void waitsForALockedKeyring();
    void takesNothingElseWhileItStores();
    void neverShowsTheKey();
    void checksTheServer();
    void takesABackendThatItFound();
    void asksABackendWithTheKeyOfTheEntry();
};

void TestPreferencesPages::choosesAPool()
{
    const Pages pages;
    const auto *pool = pages.dialog.findChild<preferences::PoolField *>();
    auto *choice = qobject_cast<QComboBox *>(pool->input());
    auto *name = pool->findChild<QLineEdit *>();
    const QString key = QStringLiteral("llms[0].pool");
    const auto choose = [choice](int index) {
        choice->setCurrentIndex(index);
        Q_EMIT choice->activated(index);
    };
    QCOMPARE(choice->currentIndex(), 0);
    QVERIFY(!name->isEnabled());
    choose(1);
    QCOMPARE(pages.value(key), QString());
    choose(2);
    QVERIFY(name->isEnabled());
    name->setText(QStringLiteral("house"));
    QCOMPARE(pages.value(key), QStringLiteral("house"));
    choose(0);
    QVERIFY(!pages.value(key));
}

void TestPreferencesPages::pinsAnAgent()
{
    Pages pages;
    const QList<QComboBox *> boxes =
        pages.field(QStringLiteral("agents[0].llm"))->findChildren<QComboBox *>(Qt::FindDirectChildrenOnly);
    QCOMPARE(boxes.size(), 2);
    boxes.last()->setEditText(QStringLiteral("public-model"));
    QCOMPARE(pages.value(QStringLiteral("agents[0].llm")), QStringLiteral("public-model"));
    boxes.first()->setCurrentIndex(1);
    QVERIFY(!pages.value(QStringLiteral("agents[0].llm")));
    QCOMPARE(pages.value(QStringLiteral("agents[0].pool")), QStringLiteral("public-model"));
    boxes.last()->setEditText({});
    QVERIFY(!pages.value(QStringLiteral("agents[0].pool")));
    pages.judge();
    QVERIFY(pages.field(QStringLiteral("agents[0].llm"))->problem().contains(QLatin1String("must be set")));
}

void TestPreferencesPages::offersTheOwnModels()
{
    const Pages pages;
    const QList<QComboBox *> boxes =
        pages.field(QStringLiteral("agents[0].llm"))->findChildren<QComboBox *>(Qt::FindDirectChildrenOnly);
    QVERIFY(boxes.last()->findText(QStringLiteral("a")) >= 0);
    QVERIFY(boxes.last()->findText(QStringLiteral("b")) >= 0);
    QCOMPARE(boxes.last()->currentText(), QStringLiteral("a"));
    pages.dialog.findChild<QListWidget *>(QStringLiteral("agents"))->setCurrentRow(1);
    QCOMPARE(boxes.first()->currentIndex(), 1);
    QCOMPARE(boxes.last()->currentText(), QStringLiteral("m"));
    QVERIFY(!pages.editor.isChanged());
}

void TestPreferencesPages::warnsBeforeAModelWithAgentsGoes()
{
    const Pages pages;
    pages.button(QStringLiteral("llms.remove"))->click();
    QMessageBox *box = pages.question(QStringLiteral("removeQuestion"));
    QVERIFY(box);
    QVERIFY(box->text().contains(QLatin1String(": c.")));
    box->button(QMessageBox::Cancel)->click();
    QVERIFY(!pages.editor.isChanged());
    pages.button(QStringLiteral("llms.remove"))->click();
    box = pages.question(QStringLiteral("removeQuestion"));
    QVERIFY(box);
    for (QAbstractButton *choice : box->buttons()) {
        if (box->buttonRole(choice) == QMessageBox::DestructiveRole)
            choice->click();
    }
    QCOMPARE(entryNames(pages.editor.draft(), QStringLiteral("llms")), QStringList{QStringLiteral("b")});
}

void TestPreferencesPages::removesAModelWithoutAgentsAtOnce()
{
    const Pages pages;
    pages.dialog.findChild<QListWidget *>(QStringLiteral("llms"))->setCurrentRow(1);
    pages.button(QStringLiteral("llms.remove"))->click();
    QVERIFY(!pages.question(QStringLiteral("removeQuestion")));
    QCOMPARE(entryNames(pages.editor.draft(), QStringLiteral("llms")), QStringList{QStringLiteral("a")});
}

void TestPreferencesPages::editsTheSchedule()
{
    Pages pages;
    const QString key = QStringLiteral("desktop.pause.schedule");
    const Field *field = pages.field(key);
    pages.button(QStringLiteral("schedule.add"))->click();
    QCOMPARE(pages.editor.draft().list(key), QStringList{QStringLiteral("Mon-Fri 09:00-17:00")});
    const QList<QCheckBox *> days = field->findChildren<QCheckBox *>();
    QCOMPARE(days.size(), 7);
    days.at(4)->click();
    days.at(5)->click();
    const QList<QTimeEdit *> times = field->findChildren<QTimeEdit *>();
    times.first()->setTime(QTime(8, 30));
    times.last()->setTime(QTime(0, 0));
    QCOMPARE(pages.editor.draft().list(key), QStringList{QStringLiteral("Mon-Thu,Sat 08:30-24:00")});
    pages.judge();
    QCOMPARE(field->problem(), QString());
    // A span needs a day.
    for (QCheckBox *day : days) {
        if (day->isChecked())
            day->click();
    }
    QCOMPARE(pages.editor.draft().list(key), QStringList{QStringLiteral("Sat 08:30-24:00")});
}

void TestPreferencesPages::keepsSpansThatItCannotShow()
{
    Pages pages("desktop: {pause: {schedule: [some day, 'Mon 09:00-10:00']}}\n");
    const QString key = QStringLiteral("desktop.pause.schedule");
    const Field *field = pages.field(key);
    QVERIFY(field->problem().contains(QLatin1String("some day")));
    const QList<QLineEdit *> lines = field->findChildren<QLineEdit *>();
    const auto text =
        std::ranges::find_if(lines, [](const QLineEdit *line) { return line->text() == QLatin1String("some day"); });
    QVERIFY(text != lines.end());
    (*text)->setText(QStringLiteral("Tue 09:00-10:00"));
    pages.judge();
    QCOMPARE(field->problem(), QString());
    QCOMPARE(pages.editor.draft().list(key).first(), QStringLiteral("Tue 09:00-10:00"));
}

void TestPreferencesPages::offersRunningPrograms()
{
    const Pages pages;
    pages.button(QStringLiteral("programs.choose"))->click();
    auto *dialog = pages.dialog.findChild<QInputDialog *>();
    QVERIFY(dialog);
    QCOMPARE(dialog->comboBoxItems(), QStringList{QStringLiteral("steam")});
    dialog->setTextValue(QStringLiteral("steam"));
    dialog->accept();
    QCOMPARE(pages.editor.draft().list(QStringLiteral("desktop.pause.programs")), QStringList{QStringLiteral("steam")});
}

namespace {

void storeKey(const Pages &pages, const QString &key)
{
    pages.button(QStringLiteral("replaceKey"))->click();
    pages.dialog.findChild<QLineEdit *>(QStringLiteral("newKey"))->setText(key);
    pages.button(QStringLiteral("storeKey"))->click();
}

} // namespace

void TestPreferencesPages::storesAKeyInTheKeyring()
{
    const Pages pages;
    storeKey(pages, QStringLiteral(" hk_new "));
    QTRY_COMPARE(pages.keysStored, 1);
    QCOMPARE(pages.keys.keys.values(), QList<QByteArray>{"hk_new"});
    QCOMPARE(pages.value(QStringLiteral("keyStore")), QStringLiteral("keyring"));
    QVERIFY(!pages.value(QStringLiteral("keyFile")));
}

void TestPreferencesPages::storesAKeyInAFile()
{
    Pages pages;
    pages.keys.state = MemoryKeyStore::State::Missing;
    storeKey(pages, QStringLiteral("hk_new"));
    QTRY_COMPARE(pages.keysStored, 1);
    QVERIFY(!pages.value(QStringLiteral("keyStore")));
    QFile file(pages.value(QStringLiteral("keyFile")).value());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed(), QByteArray("hk_new"));
}

void TestPreferencesPages::waitsForALockedKeyring()
{
    Pages pages;
    pages.keys.state = MemoryKeyStore::State::Locked;
    storeKey(pages, QStringLiteral("hk_new"));
    const auto isWaiting = [&pages] {
        const QList<NoteLine *> notes = pages.dialog.findChildren<NoteLine *>();
        return std::ranges::any_of(
            notes, [](const NoteLine *note) { return note->text().contains(QLatin1String("is locked")); });
    };
    QTRY_VERIFY(isWaiting());
    QCOMPARE(pages.keysStored, 0);
    pages.keys.state = MemoryKeyStore::State::Open;
    pages.advance(std::chrono::seconds(3));
    QTRY_COMPARE(pages.keysStored, 1);
    QCOMPARE(pages.keys.keys.values(), QList<QByteArray>{"hk_new"});
}

void TestPreferencesPages::takesNothingElseWhileItStores()
{
    Pages pages;
    storeKey(pages, QStringLiteral("hk_new"));
    auto *line = pages.dialog.findChild<QLineEdit *>(QStringLiteral("newKey"));
    QTest::keyClicks(line, QStringLiteral("er"));
    QCOMPARE(line->text(), QStringLiteral("hk_new"));
    QVERIFY(!pages.button(QStringLiteral("storeKey"))->isEnabled());
    QTRY_COMPARE(pages.keysStored, 1);
    QCOMPARE(pages.keys.keys.values(), QList<QByteArray>{"hk_new"});
    // Whoever waits for a keyring to be unlocked may think of another key.
    pages.keys.state = MemoryKeyStore::State::Locked;
    storeKey(pages, QStringLiteral("hk_newer"));
    auto *other = pages.dialog.findChildren<QLineEdit *>(QStringLiteral("newKey")).last();
    QVERIFY(other->isReadOnly());
    QTRY_VERIFY(!other->isReadOnly());
}

void TestPreferencesPages::neverShowsTheKey()
{
    const Pages pages;
    for (const QLineEdit *line : pages.dialog.findChildren<QLineEdit *>())
        QVERIFY(!line->text().contains(QLatin1String("hk_test")));
    for (const QLabel *label : pages.dialog.findChildren<QLabel *>())
        QVERIFY(!label->text().contains(QLatin1String("hk_test")));
    pages.button(QStringLiteral("replaceKey"))->click();
    QCOMPARE(pages.dialog.findChild<QLineEdit *>(QStringLiteral("newKey"))->echoMode(), QLineEdit::Password);
}

void TestPreferencesPages::checksTheServer()
{
    WebStub stub([](const QByteArray &) { return WebStub::http(404, "not here"); });
    Pages pages;
    pages.type(QStringLiteral("server"), stub.url().toString());
    pages.button(QStringLiteral("checkServer"))->click();
    QVERIFY(!pages.button(QStringLiteral("checkServer"))->isEnabled());
    QVERIFY(pages.waitFor([&pages] { return pages.button(QStringLiteral("checkServer"))->isEnabled(); }));
    const auto *note = pages.dialog.findChild<preferences::ConnectionCheck *>()->findChild<NoteLine *>();
    QVERIFY(note->kind() == NoteLine::Kind::Problem);
    QVERIFY(!note->text().isEmpty());
}

void TestPreferencesPages::takesABackendThatItFound()
{
    WebStub stub([](const QByteArray &) { return WebStub::http(200, R"({"data":[{"id":"big-model"}]})"); });
    Pages pages;
    pages.button(QStringLiteral("findBackend"))->click();
    auto *address = pages.dialog.findChild<QLineEdit *>(QStringLiteral("backendAddress"));
    address->setText(stub.authority());
    QTest::keyClick(address, Qt::Key_Return);
    const auto *tree = pages.dialog.findChild<QTreeWidget *>(QStringLiteral("backends"));
    QVERIFY(pages.waitFor([tree] { return tree->topLevelItemCount() == 1; }));
    pages.button(QStringLiteral("useModel"))->click();
    QCOMPARE(pages.value(QStringLiteral("llms[0].model")), QStringLiteral("big-model"));
    QVERIFY(pages.value(QStringLiteral("llms[0].url")).value().contains(QString::number(stub.port())));
    QCOMPARE(qobject_cast<QLineEdit *>(pages.field(QStringLiteral("llms[0].model"))->input())->text(),
             QStringLiteral("big-model"));
}

void TestPreferencesPages::asksABackendWithTheKeyOfTheEntry()
{
    WebStub stub([](const QByteArray &head) {
        return head.contains("Bearer hush") ? WebStub::http(200, R"({"data":[{"id":"big-model"}]})")
                                            : WebStub::http(401);
    });
    QTemporaryFile key;
    QVERIFY(key.open() && key.write("hush\n") > 0 && key.flush());
    Pages pages;
    const auto ask = [&] {
        pages.button(QStringLiteral("findBackend"))->click();
        const auto pickers = pages.dialog.findChildren<preferences::BackendPicker *>();
        auto *address = pickers.last()->findChild<QLineEdit *>(QStringLiteral("backendAddress"));
        address->setText(stub.authority());
        QTest::keyClick(address, Qt::Key_Return);
        return pickers.last();
    };
    preferences::BackendPicker *picker = ask();
    const NoteLine *note = picker->findChild<NoteLine *>();
    QVERIFY(pages.waitFor([note] { return note->text().contains(QLatin1String("Details")); }));
    picker->reject();
    // It is nobody else's key.
    pages.type(QStringLiteral("llms[0].apiKeyFile"), key.fileName());
    picker = ask();
    note = picker->findChild<NoteLine *>();
    QVERIFY(pages.waitFor([note] { return note->kind() == NoteLine::Kind::Problem; }));
    QVERIFY(std::ranges::none_of(stub.heads, [](const QByteArray &head) { return head.contains("hush"); }));
    picker->reject();
    pages.type(QStringLiteral("llms[0].url"), stub.url().toString() + QStringLiteral("/v1"));
    picker = ask();
    const auto *tree = picker->findChild<QTreeWidget *>(QStringLiteral("backends"));
    QVERIFY(pages.waitFor([tree] { return tree->topLevelItemCount() == 1; }));
}

QTEST_MAIN(TestPreferencesPages)
#include "tst_preferencespages.moc"
