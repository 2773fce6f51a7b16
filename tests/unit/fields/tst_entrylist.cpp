// The list of models or agents: what its buttons do to the file.

#include "editorfixture.h"
#include "entrylist.h"
#include "publisherconfig.h"

#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::fields;

namespace {

const QByteArray twoModels = "# Of the house.\n"
                             "llms:\n"
                             "  # The small one.\n"
                             "  - name: small\n"
                             "    url: http://127.0.0.1:1/v1   # upstairs\n"
                             "    publish: true\n"
                             "\n"
                             "  # The large one.\n"
                             "  - name: large\n"
                             "    url: http://127.0.0.1:2/v1   # cellar\n";

class ListFixture : public EditorFixture
{
public:
    explicit ListFixture(const QByteArray &more)
        : EditorFixture(more)
        , entries(*editor,
                  {.list = QStringLiteral("llms"),
                   .table = publisher::publisherSettingTable().find(u"llms")->fields,
                   .newName = QStringLiteral("model"),
                   .tickKey = QStringLiteral("publish"),
                   .accessibleName = QStringLiteral("Models")},
                  nullptr)
    {}

    void press(const QString &button) const { entries.findChild<QPushButton *>(button)->click(); }

    QListWidgetItem &item(int row) const { return *entries.list()->item(row); }

    EntryList entries;
};

} // namespace

class TestEntryList final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheEntries();
    void addsBehindTheOthers();
    void addsToAnEmptyFile();
    void copiesWithoutSharingTheCopy();
    void removesAndLeavesTheOthersAlone();
    void removesByKey();
    void asksBeforeRemoving();
    void removesTheOneOfTwoWithTheSameName();
    void removesByNameWhenTheFileHasMoved();
    void ticks();
    void marksWhatIsWrong();
    void followsANewName();
};

void TestEntryList::showsTheEntries()
{
    const ListFixture fixture(twoModels);
    QCOMPARE(fixture.entries.list()->count(), 2);
    QCOMPARE(fixture.item(0).text(), QStringLiteral("small"));
    QCOMPARE(fixture.item(0).checkState(), Qt::Checked);
    QCOMPARE(fixture.item(1).text(), QStringLiteral("large"));
    QCOMPARE(fixture.item(1).checkState(), Qt::Unchecked);
    QVERIFY(fixture.entries.current() == QStringLiteral("llms[0]"));
}

void TestEntryList::addsBehindTheOthers()
{
    const ListFixture fixture(twoModels);
    QSignalSpy selection(&fixture.entries, &EntryList::selectionChanged);
    fixture.press(QStringLiteral("llms.add"));
    QVERIFY(fixture.more().startsWith(twoModels));
    QCOMPARE(fixture.editor->draft().scalar(QStringLiteral("llms[2].name")), QStringLiteral("model"));
    QVERIFY(fixture.entries.current() == QStringLiteral("llms[2]"));
    QVERIFY(!selection.isEmpty());
    fixture.press(QStringLiteral("llms.add"));
    QCOMPARE(fixture.editor->draft().scalar(QStringLiteral("llms[3].name")), QStringLiteral("model-2"));
}

void TestEntryList::addsToAnEmptyFile()
{
    const ListFixture fixture({});
    QVERIFY(!fixture.entries.current());
    QVERIFY(!fixture.entries.findChild<QPushButton *>(QStringLiteral("llms.remove"))->isEnabled());
    fixture.press(QStringLiteral("llms.add"));
    QVERIFY(fixture.entries.current() == QStringLiteral("llms[0]"));
    QVERIFY(fixture.entries.findChild<QPushButton *>(QStringLiteral("llms.remove"))->isEnabled());
}

void TestEntryList::copiesWithoutSharingTheCopy()
{
    const ListFixture fixture(twoModels);
    fixture.press(QStringLiteral("llms.duplicate"));
    QVERIFY(fixture.more().startsWith(twoModels));
    const draft::ConfigDraft &draft = fixture.editor->draft();
    QCOMPARE(draft.scalar(QStringLiteral("llms[2].name")), QStringLiteral("small-2"));
    QCOMPARE(draft.scalar(QStringLiteral("llms[2].url")), QStringLiteral("http://127.0.0.1:1/v1"));
    QVERIFY(!draft.scalar(QStringLiteral("llms[2].publish")));
}

void TestEntryList::removesAndLeavesTheOthersAlone()
{
    const ListFixture fixture(twoModels);
    fixture.press(QStringLiteral("llms.remove"));
    QCOMPARE(entryNames(fixture.editor->draft(), QStringLiteral("llms")), QStringList{QStringLiteral("large")});
    QVERIFY(fixture.text().contains("# Of the house."));
    QVERIFY(
        fixture.text().contains("  # The large one.\n  - name: large\n    url: http://127.0.0.1:2/v1   # cellar\n"));
    QVERIFY(fixture.entries.current() == QStringLiteral("llms[0]"));
    QCOMPARE(fixture.item(0).text(), QStringLiteral("large"));
}

void TestEntryList::removesByKey()
{
    ListFixture fixture(twoModels);
    fixture.entries.show();
    fixture.entries.list()->setFocus();
    QVERIFY(QTest::qWaitForWindowActive(&fixture.entries));
    fixture.entries.select(1);
    QTest::keyClick(fixture.entries.list(), Qt::Key_Delete);
    QCOMPARE(entryNames(fixture.editor->draft(), QStringLiteral("llms")), QStringList{QStringLiteral("small")});
}

void TestEntryList::asksBeforeRemoving()
{
    ListFixture fixture(twoModels);
    std::function<void()> proceed;
    fixture.entries.beforeRemove = [&proceed](const QString &name, std::function<void()> goOn) {
        QCOMPARE(name, QStringLiteral("small"));
        proceed = std::move(goOn);
    };
    fixture.press(QStringLiteral("llms.remove"));
    QCOMPARE(fixture.more(), twoModels);
    QVERIFY(proceed);
    // Somebody selects another one while he is asked.
    fixture.entries.select(1);
    proceed();
    QCOMPARE(entryNames(fixture.editor->draft(), QStringLiteral("llms")), QStringList{QStringLiteral("large")});
}

void TestEntryList::removesTheOneOfTwoWithTheSameName()
{
    ListFixture fixture("llms:\n"
                        "  - {name: twin, url: 'http://127.0.0.1:1/v1'}\n"
                        "  - {name: twin, url: 'http://127.0.0.1:2/v1'}\n");
    fixture.entries.select(1);
    fixture.press(QStringLiteral("llms.remove"));
    const draft::ConfigDraft &draft = fixture.editor->draft();
    QCOMPARE(draft.entryCount(QStringLiteral("llms")), 1);
    QCOMPARE(draft.scalar(QStringLiteral("llms[0].url")), QStringLiteral("http://127.0.0.1:1/v1"));
}

void TestEntryList::removesByNameWhenTheFileHasMoved()
{
    ListFixture fixture(twoModels);
    std::function<void()> proceed;
    fixture.entries.beforeRemove = [&proceed](const QString &, std::function<void()> goOn) {
        proceed = std::move(goOn);
    };
    fixture.entries.select(1);
    fixture.press(QStringLiteral("llms.remove"));
    fixture.editor->editAndReload([](draft::ConfigDraft &draft) { draft.removeEntry(QStringLiteral("llms"), 0); });
    proceed();
    QCOMPARE(fixture.editor->draft().entryCount(QStringLiteral("llms")), 0);
}

void TestEntryList::ticks()
{
    const ListFixture fixture(twoModels);
    fixture.item(1).setCheckState(Qt::Checked);
    QCOMPARE(fixture.editor->draft().scalar(QStringLiteral("llms[1].publish")), QStringLiteral("true"));
    fixture.item(1).setCheckState(Qt::Unchecked);
    QCOMPARE(fixture.more(), twoModels);
}

void TestEntryList::marksWhatIsWrong()
{
    ListFixture fixture(twoModels);
    QVERIFY(fixture.item(1).icon().isNull());
    fixture.editor->edit([](draft::ConfigDraft &draft) { draft.remove(QStringLiteral("llms[1].url")); });
    fixture.judge();
    QVERIFY(fixture.item(0).icon().isNull());
    QVERIFY(!fixture.item(1).icon().isNull());
    QVERIFY(!fixture.item(1).toolTip().isEmpty());
}

void TestEntryList::followsANewName()
{
    const ListFixture fixture(twoModels);
    fixture.editor->edit(
        [](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("llms[0].name"), QStringLiteral("tiny")); });
    QCOMPARE(fixture.item(0).text(), QStringLiteral("tiny"));
}

QTEST_MAIN(TestEntryList)
#include "tst_entrylist.moc"
