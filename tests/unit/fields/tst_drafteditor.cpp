// A draft while it is being edited: when it is judged, and what is still unsaved.

#include "editorfixture.h"
#include "publisherconfig.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::fields;

class TestDraftEditor final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesWhenNothingMoreIsTyped();
    void doesNotJudgeWhatIsTheSame();
    void knowsWhatIsUnsaved();
    void goesBackToWhatIsSaved();
    void keepsWhatWasTypedWhenTheFileIsAnother();
    void knowsWhatASaveReplaces();
    void tellsProblemsByPath();
    void writesTextsThatAreNoNumbers();
    void copiesAllThatAnEntryHas();
    void readsBooleans();
    void setsThePlaceOfTheKey();
};

void TestDraftEditor::judgesWhenNothingMoreIsTyped()
{
    EditorFixture fixture;
    QSignalSpy judged(fixture.editor.get(), &DraftEditor::judged);
    const auto type = [&fixture](const QString &text) {
        fixture.editor->edit([&text](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("server"), text); });
    };
    type(QStringLiteral("f"));
    fixture.clock.advance(DraftEditorSettings().judgeDelay - Duration(1));
    type(QStringLiteral("ft"));
    fixture.clock.advance(DraftEditorSettings().judgeDelay - Duration(1));
    QCOMPARE(judged.size(), 0);
    QVERIFY(fixture.editor->problems().isEmpty());
    fixture.clock.advance(Duration(1));
    QCOMPARE(judged.size(), 1);
    QCOMPARE(fixture.editor->problems().size(), 1);
    QCOMPARE(fixture.editor->problems().first().key, QStringLiteral("server"));
}

void TestDraftEditor::doesNotJudgeWhatIsTheSame()
{
    EditorFixture fixture("name: box\n");
    QSignalSpy edited(fixture.editor.get(), &DraftEditor::edited);
    QSignalSpy judged(fixture.editor.get(), &DraftEditor::judged);
    fixture.editor->edit(
        [](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), QStringLiteral("box")); });
    fixture.judge();
    QCOMPARE(edited.size(), 0);
    QCOMPARE(judged.size(), 0);
}

void TestDraftEditor::knowsWhatIsUnsaved()
{
    EditorFixture fixture("name: box\n");
    QVERIFY(!fixture.editor->isChanged());
    const auto rename = [&fixture](const QString &name) {
        fixture.editor->edit([&name](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), name); });
    };
    rename(QStringLiteral("other"));
    QVERIFY(fixture.editor->isChanged());
    rename(QStringLiteral("box"));
    QVERIFY(!fixture.editor->isChanged());
    rename(QStringLiteral("other"));
    fixture.editor->setSaved(fixture.editor->draft());
    QVERIFY(!fixture.editor->isChanged());
}

void TestDraftEditor::goesBackToWhatIsSaved()
{
    EditorFixture fixture("name: box\n");
    const QByteArray before = fixture.text();
    QSignalSpy reloaded(fixture.editor.get(), &DraftEditor::reloaded);
    fixture.editor->edit([](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), {}); });
    fixture.judge();
    QVERIFY(!fixture.editor->problems().isEmpty());
    fixture.editor->reset();
    QCOMPARE(fixture.text(), before);
    QCOMPARE(reloaded.size(), 1);
    QVERIFY(fixture.editor->problems().isEmpty());
}

void TestDraftEditor::keepsWhatWasTypedWhenTheFileIsAnother()
{
    EditorFixture fixture("name: box\n");
    fixture.editor->edit([](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), QStringLiteral("a")); });
    draft::ConfigDraft theirs = fixture.editor->draft();
    theirs.setText(QStringLiteral("name"), QStringLiteral("b"));
    fixture.editor->setSaved(theirs);
    QCOMPARE(fixture.more(), QByteArray("name: a\n"));
    QVERIFY(fixture.editor->isChanged());
    fixture.editor->reset();
    QCOMPARE(fixture.more(), QByteArray("name: b\n"));
}

void TestDraftEditor::knowsWhatASaveReplaces()
{
    EditorFixture fixture("name: box\n");
    const QByteArray first = fixture.text();
    fixture.editor->edit([](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), QStringLiteral("a")); });
    QCOMPARE(fixture.editor->draft().base(), first);
    fixture.editor->markSaved();
    QVERIFY(!fixture.editor->isChanged());
    const QByteArray second = fixture.text();
    QCOMPARE(fixture.editor->draft().base(), second);

    fixture.editor->edit([](draft::ConfigDraft &draft) { draft.setText(QStringLiteral("name"), QStringLiteral("b")); });
    const QByteArray theirs = first + "# theirs\n";
    fixture.editor->setSaved(*draft::ConfigDraft::fromText(theirs, {}));
    QCOMPARE(fixture.editor->draft().base(), second);
    fixture.editor->keepTyped();
    QCOMPARE(fixture.editor->draft().base(), theirs);
    // What was typed is what they wrote.
    const QByteArray same = fixture.text();
    fixture.editor->setSaved(*draft::ConfigDraft::fromText(same, {}));
    QCOMPARE(fixture.editor->draft().base(), same);
}

void TestDraftEditor::tellsProblemsByPath()
{
    EditorFixture fixture("llms:\n  - {name: a, url: nowhere}\n  - {name: ab, url: 'http://box/v1'}\n");
    QVERIFY(fixture.editor->problemAt(QStringLiteral("llms[0].url")).contains(QLatin1String("http://")));
    QVERIFY(!fixture.editor->problemAt(QStringLiteral("llms[0]")).isEmpty());
    QCOMPARE(fixture.editor->problemAt(QStringLiteral("llms[1]")), QString());
    QCOMPARE(fixture.editor->problemAt(QStringLiteral("llms[0].ur")), QString());
}

void TestDraftEditor::writesTextsThatAreNoNumbers()
{
    const SettingTable table = publisher::publisherSettingTable();
    const Setting &tasks = *table.find(u"extraTasks");
    EditorFixture fixture;
    const auto type = [&](const QString &text) {
        fixture.editor->edit(
            [&](draft::ConfigDraft &draft) { setScalar(draft, QStringLiteral("extraTasks"), tasks, text); });
        fixture.judge();
    };
    type(QStringLiteral("12"));
    QCOMPARE(fixture.more(), QByteArray("extraTasks: 12\n"));
    type(QStringLiteral("twelve"));
    QCOMPARE(fixture.more(), QByteArray("extraTasks: twelve\n"));
    QVERIFY(fixture.editor->problemAt(QStringLiteral("extraTasks")).contains(QLatin1String("whole number")));
}

void TestDraftEditor::copiesAllThatAnEntryHas()
{
    const QByteArray entry = "  - name: a\n"
                             "    url: http://127.0.0.1:1/v1\n"
                             "    publish: true\n"
                             "    maxConcurrency: 7\n"
                             "    extraConfig: {depth: {of: 2}}\n"
                             "    wake:\n"
                             "      type: http\n"
                             "      url: http://127.0.0.1:2/wake\n"
                             "      headers: {X-One: '1', X-Two: '2'}\n"
                             "      maxWaitSeconds: 1.5\n"
                             "    sleep:\n"
                             "      type: command\n"
                             "      command: /bin/true\n"
                             "      args: [one, 'two three']\n"
                             "      idleMinutes: 2.5\n";
    EditorFixture fixture("llms:\n" + entry);
    const SettingTable table = publisher::publisherSettingTable().find(u"llms")->fields;
    draft::ConfigDraft copy = fixture.editor->draft();
    const QString path = copy.appendEntry(QStringLiteral("llms"), QStringLiteral("b"));
    copyValues(copy, path, fixture.editor->draft(), QStringLiteral("llms[0]"), table);
    copy.setText(path + QStringLiteral(".name"), QStringLiteral("b"));
    const draft::ConfigVerdict verdict = draft::checkConfig(copy.text(), {}, {});
    QVERIFY(verdict.meaning);
    const publisher::LlmSettings &first = verdict.meaning->publisher.llms.front();
    const publisher::LlmSettings &second = verdict.meaning->publisher.llms.back();
    QCOMPARE(second.name, QStringLiteral("b"));
    QCOMPARE(second.url, first.url);
    QCOMPARE(second.publish, true);
    QCOMPARE(second.maxConcurrency, 7);
    QCOMPARE(second.extraConfig, first.extraConfig);
    QVERIFY(second.wake->action == first.wake->action);
    QCOMPARE(second.wake->maxWait, Duration(1500));
    QVERIFY(second.sleep->action == first.sleep->action);
    QCOMPARE(second.sleep->idle, Duration(150'000));
}

void TestDraftEditor::readsBooleans()
{
    const EditorFixture fixture("a: True\nb: false\nc: perhaps\n");
    const Setting setting = Setting::boolean("any", true, "Any.");
    const auto at = [&](const char *path) {
        return booleanAt(fixture.editor->draft(), QString::fromLatin1(path), setting);
    };
    QVERIFY(at("a"));
    QVERIFY(!at("b"));
    QVERIFY2(at("c") && at("d"), "What cannot be read is not the default.");
}

void TestDraftEditor::setsThePlaceOfTheKey()
{
    draft::ConfigDraft draft;
    draft.setText(QStringLiteral("keyFile"), QStringLiteral("/etc/hearth/publisher.key"));
    setKeyPlace(draft, {});
    QCOMPARE(draft.scalar(QStringLiteral("keyStore")), QStringLiteral("keyring"));
    QVERIFY(!draft.scalar(QStringLiteral("keyFile")));
    setKeyPlace(draft, QStringLiteral("/home/me/publisher.key"));
    QVERIFY(!draft.scalar(QStringLiteral("keyStore")));
    QCOMPARE(draft.scalar(QStringLiteral("keyFile")), QStringLiteral("/home/me/publisher.key"));
}

QTEST_GUILESS_MAIN(TestDraftEditor)
#include "tst_drafteditor.moc"
