// What each change does to a text: which bytes it touches, and which it leaves.

#include "drafttest.h"

#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace hearth;
using namespace hearth::draft;

namespace {

using Change = std::function<void(ConfigDraft &)>;

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(std::function<bool(ConfigDraft &)>)

class TestConfigDraft final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changes_data();
    void changes();
    void appendsEntries();
    void removesEntries();
    void dropsByteOrderMarks();
    void remembersWhatItCameFrom();
    void refusesWhatNoFileCanHold_data();
    void refusesWhatNoFileCanHold();
    void rewritesWhatItCannotCut_data();
    void rewritesWhatItCannotCut();

private:
    void scalarChanges();
    void blockChanges();
    void flowChanges();
    void additions();
    void removals();
    void entryRemovals();
    static void row(const char *name, const QByteArray &before, const Change &change, const QByteArray &after);
};

void TestConfigDraft::row(const char *name, const QByteArray &before, const Change &change, const QByteArray &after)
{
    QTest::newRow(name) << before << change << after;
}

void TestConfigDraft::changes_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("after");
    scalarChanges();
    blockChanges();
    flowChanges();
    additions();
    removals();
    entryRemovals();
}

void TestConfigDraft::scalarChanges()
{
    const Change a = [](ConfigDraft &draft) { draft.setText(u"a"_s, u"new"_s); };
    row("plain", "# top\na: old  # why\nb: 1\n", a, "# top\na: new  # why\nb: 1\n");
    row("aligned", "a:     old\nbcdef: 1\n", a, "a:     new\nbcdef: 1\n");
    row("double quotes", "a: \"o # \\\"l\"  # why\n", a, "a: new  # why\n");
    row("single quotes", "a: 'o''ld'  # it's\n", a, "a: new  # it's\n");
    row("plain on two lines", "a: old\n  older\n\n  oldest # why\nb: 1\n", a, "a: new # why\nb: 1\n");
    row("quotes on two lines", "a: \"old\n  older\" # why\nb: 1\n", a, "a: new # why\nb: 1\n");
    row("on the next line", "a:\n  # below\n  old # why\nb: 1\n", a, "a:\n  # below\n  new # why\nb: 1\n");
    row("nothing", "a:\nb: 1\n", a, "a: new\nb: 1\n");
    row("nothing but a comment", "a: # why\nb: 1\n", a, "a: new # why\nb: 1\n");
    row("nothing at the end", "a:", a, "a: new");
    row("null", "a: ~ # why\nb: 1\n", a, "a: new # why\nb: 1\n");
    row("literal", "a: |\n  old\n\n  older\n# c\nb: 1\n", a, "a: new\n# c\nb: 1\n");
    row("folded with an indicator", "a: >2-\n   old\nb: 1\n", a, "a: new\nb: 1\n");
    row("CRLF", "a: old\r\nb: 1\r\n", a, "a: new\r\nb: 1\r\n");
    row("no line break at the end", "b: 1\na: old", a, "b: 1\na: new");
    row("quoted key", "\"a\" : old\n", a, "\"a\" : new\n");
    row("non-ASCII before it", "ä: ö # ü\na: old\n", a, "ä: ö # ü\na: new\n");
    row(
        "to a literal", "a: old # why\nb: 1\n", [](ConfigDraft &draft) { draft.setText(u"a"_s, u"one\n\n  two"_s); },
        "a: |- # why\n  one\n\n    two\nb: 1\n");
    row(
        "a literal in CRLF", "x:\r\n  a: old", [](ConfigDraft &draft) { draft.setText(u"x.a"_s, u" one\ntwo\n"_s); },
        "x:\r\n  a: |2\r\n     one\r\n    two\r\n");
}

void TestConfigDraft::blockChanges()
{
    const Change list = [](ConfigDraft &draft) { draft.setList(u"a"_s, {u"x"_s, u"w"_s, u"z"_s}); };
    row("block list grows", "a:\n- x # 1\n# between\n- w\nb: 1\n", list, "a:\n- x # 1\n# between\n- w\n- z\nb: 1\n");
    row("block list shrinks in the middle", "a:\n  - x\n  - gone\n  # about w\n  - w\n  - z\n", list,
        "a:\n  - x\n  # about w\n  - w\n  - z\n");
    row("list of other texts", "a:\n  - 1 # one\n  - 2 # two\n  - 3\nb: 1\n", list,
        "a:\n  - x # one\n  - w # two\n  - z\nb: 1\n");
    row("map for a list", "a:\n  # inside\n  b: 1\nc: 2\n", list, "a: [x, w, z]\nc: 2\n");
    row(
        "scalar for a map", "a: # why\n  b: 1\n  c: 2 # inside\nd: 2\n",
        [](ConfigDraft &draft) { draft.setText(u"a"_s, u"new"_s); }, "a: new # why\nd: 2\n");
    row(
        "map for a scalar", "a: old # why\nb: 1\n",
        [](ConfigDraft &draft) {
            draft.setMap(u"a"_s, {{u"X-Y"_s, u"1"_s}, {u"B"_s, u"c: d"_s}});
        },
        "a: # why\n  X-Y: \"1\"\n  B: \"c: d\"\nb: 1\n");
    row(
        "map in another order", "a:\n    B: 1\n    A: 2\nb: 1\n",
        [](ConfigDraft &draft) {
            draft.setMap(u"a"_s, {{u"A"_s, u"2"_s}, {u"B"_s, u"1"_s}});
        },
        "a:\n    A: 2\n    B: 1\nb: 1\n");
    row(
        "object", "a:\n    n: 1.0 # one\n    # a text\n    t: x\n    o: {b: [1, 2]}\n    gone: 1\n",
        [](ConfigDraft &draft) {
            draft.setObject(u"a"_s, {{u"n"_s, 1},
                                     {u"t"_s, u"true"_s},
                                     {u"o"_s, QJsonObject{{u"b"_s, QJsonArray{1, 3}}}},
                                     {u"new"_s, QJsonValue::Null}});
        },
        "a:\n    n: 1.0 # one\n    # a text\n    t: \"true\"\n    o: {b: [1, 3]}\n    new: null\n");
    row(
        "first behind a dash", "l:\n  -   name: a # why\n      url: b\n",
        [](ConfigDraft &draft) { draft.setText(u"l[0].name"_s, u"c"_s); }, "l:\n  -   name: c # why\n      url: b\n");
    row(
        "item that is a map", "l:\n  - - x\n    - w: 1\n      z: 2\n",
        [](ConfigDraft &draft) { draft.setText(u"l[0][1]"_s, u"c"_s); }, "l:\n  - - x\n    - c\n");
    row(
        "empty item", "l:\n  -\n  - b\n", [](ConfigDraft &draft) { draft.setText(u"l[0].name"_s, u"c"_s); },
        "l:\n  - name: c\n  - b\n");
}

void TestConfigDraft::flowChanges()
{
    const Change b = [](ConfigDraft &draft) { draft.setText(u"a.b"_s, u"n, w"_s); };
    row("in a flow map", "a: { x: [1], b: old , \"c\":1} # why\n", b, "a: { x: [1], b: \"n, w\" , \"c\":1} # why\n");
    row("nothing in a flow map", "a: {b: , c: 1}\n", b, "a: {b: \"n, w\" , c: 1}\n");
    row("added to a flow map", "a: { x: 1 } # why\n", b, "a: { x: 1, b: \"n, w\" } # why\n");
    row("added to several lines", "a: {x: 1, # one\n  y: 2 # two\n}\n", b,
        "a: {x: 1, # one\n  y: 2, b: \"n, w\" # two\n}\n");
    row("added behind a comma", "a: {x: 1,}\n", b, "a: {x: 1, b: \"n, w\",}\n");
    row(
        "text of two lines", "a: {b: 1}\n", [](ConfigDraft &draft) { draft.setText(u"a.b"_s, u"1\n2"_s); },
        "a: {b: \"1\\n2\"}\n");
    row(
        "whole flow map", "a: {b: 1, c: 2} # why\n",
        [](ConfigDraft &draft) {
            draft.setMap(u"a"_s, {{u"c"_s, u"2"_s}, {u"b"_s, u"1"_s}});
        },
        "a: {c: 2, b: 1} # why\n");
    row(
        "flow list grows", "a: [x, w]\n",
        [](ConfigDraft &draft) {
            draft.setList(u"a"_s, {u"x"_s, u"w"_s, u"z"_s});
        },
        "a: [x, w, z]\n");
    row(
        "flow list shrinks", "a: [ x, w , z ]\n", [](ConfigDraft &draft) { draft.setList(u"a"_s, {u"x"_s}); },
        "a: [ x ]\n");
    row(
        "flow list loses its first", "a: [x, w, z]\n",
        [](ConfigDraft &draft) {
            draft.setList(u"a"_s, {u"w"_s, u"z"_s});
        },
        "a: [w, z]\n");
    row(
        "removed from several lines", "a: {\n  x: 1, # one\n  b: 2, # two\n  c: 3 # three\n}\n",
        [](ConfigDraft &draft) { draft.remove(u"a.c"_s); }, "a: {\n  x: 1, # one\n  b: 2, # two\n   # three\n}\n");
    row(
        "removed before a comma", "a: {x: 1, # one\n  c: 2, # two\n}\n",
        [](ConfigDraft &draft) { draft.remove(u"a.c"_s); }, "a: {x: 1, # one\n   # two\n}\n");
    row(
        "last of a flow map with comments", "a: { # why\n  b: 1, # one\n}\nc: 2\n",
        [](ConfigDraft &draft) { draft.remove(u"a.b"_s); }, "a: { # why\n   # one\n}\nc: 2\n");
    row(
        "last of a flow map", "l: [{a: 1}]\n", [](ConfigDraft &draft) { draft.remove(u"l[0].a"_s); }, "l: [{}]\n");
    row("flow document", "{a: {b: old}}\n", b, "{a: {b: \"n, w\"}}\n");
}

void TestConfigDraft::additions()
{
    const Change server = [](ConfigDraft &draft) { draft.setText(u"server"_s, u"http://h"_s); };
    row("to nothing", "", server, "server: http://h\n");
    row("to comments", "# only\n# comments", server, "# only\n# comments\nserver: http://h\n");
    row("to a marker", "---\n", server, "---\nserver: http://h\n");
    row("before the end of the document", "# Header\n---\n...\n", server, "# Header\n---\nserver: http://h\n...\n");
    row("before the end of an empty document", "# Header\n...", server, "# Header\nserver: http://h\n...");
    row("behind the last one", "name: a # why\n\n# The end.\n", server,
        "name: a # why\nserver: http://h\n\n# The end.\n");
    row("without a line break", "name: a", server, "name: a\nserver: http://h\n");
    row("behind a literal", "name: |\n  a\n\n# b\n", server, "name: |\n  a\nserver: http://h\n\n# b\n");
    row("behind a kept literal", "name: |+\n  a\n\n# b\n", server, "name: |+\n  a\n\nserver: http://h\n# b\n");

    const Change wake = [](ConfigDraft &draft) { draft.setText(u"llms[0].wake.type"_s, u"http"_s); };
    row("a section", "llms:\n  - name: a\n    url: b # why\n    # wake: later\n  - name: c\n", wake,
        "llms:\n  - name: a\n    url: b # why\n    wake:\n      type: http\n    # wake: later\n  - name: c\n");
    row("a section at the dash", "llms:\n- name: a\n", wake, "llms:\n- name: a\n  wake:\n    type: http\n");
    row("to an open section", "llms:\n  - name: a\n    wake:\n    # why\n    url: b\n", wake,
        "llms:\n  - name: a\n    wake:\n      type: http\n    # why\n    url: b\n");
    row("to an empty section", "llms:\n  - name: a\n    wake: {} # why\n", wake,
        "llms:\n  - name: a\n    wake: # why\n      type: http\n");
    row("to a flow entry", "llms:\n  - {name: a}\n", wake, "llms:\n  - {name: a, wake: {type: http}}\n");
    row("in place of a text", "llms:\n  - name: a\n    wake: no\n", wake,
        "llms:\n  - name: a\n    wake:\n      type: http\n");
    row("all the way", "name: x\n", wake, "name: x\nllms:\n  - wake:\n      type: http\n");
    row("entry in place of a text", "llms: none # why\n", wake, "llms: # why\n  - wake:\n      type: http\n");
}

void TestConfigDraft::removals()
{
    const Change b = [](ConfigDraft &draft) { draft.remove(u"b"_s); };
    row("missing", "a: 1\n", b, "a: 1\n");
    row("first", "# Header\nb: 1 # too\n\na: 2\n", b, "# Header\n\na: 2\n");
    row("middle", "a: 1\n# of the file\n\n# of b\n# as well\nb:\n  c: 1\n  # inside\n  d: 2\n# of e\ne: 3\n", b,
        "a: 1\n# of the file\n\n# of b\n# as well\n# of e\ne: 3\n");
    row("last without a line break", "a: 1\nb: |\n  c", b, "a: 1\n");
    row("only", "# top\n\nb: 1\n", b, "# top\n\n");
    row("comment of another column", "a:\n  c: 1\n  # d: 2\nb: 1\n", b, "a:\n  c: 1\n  # d: 2\n");
    row(
        "last of a section", "a: # why\n  # inside\n\n  b: 1\nc: 2\n",
        [](ConfigDraft &draft) { draft.remove(u"a.b"_s); }, "a: {} # why\n  # inside\n\nc: 2\n");
    row(
        "first behind a dash", "l:\n  - b: 1 # too\n    a: 2\n", [](ConfigDraft &draft) { draft.remove(u"l[0].b"_s); },
        "l:\n  -  # too\n    a: 2\n");
    row(
        "first behind a dash, no comment", "l:\n  - b: 1\n    a: 2\n",
        [](ConfigDraft &draft) { draft.remove(u"l[0].b"_s); }, "l:\n  - a: 2\n");
    row(
        "only one behind a dash", "l:\n  - b: 1\n", [](ConfigDraft &draft) { draft.remove(u"l[0].b"_s); },
        "l:\n  - {}\n");
}

void TestConfigDraft::entryRemovals()
{
    const Change second = [](ConfigDraft &draft) { draft.removeEntry(u"llms"_s, 1); };
    row("entry", "llms:\n  - name: a\n    # of a\n\n  # of b\n  - name: b\n    url: c\n  # of d\n  - name: d\n", second,
        "llms:\n  - name: a\n    # of a\n\n  # of d\n  - name: d\n");
    row("entry below one that was taken out",
        "llms:\n  - name: a\n  # - name: spare\n  #   url: v\n  # of b\n  - name: b\n", second,
        "llms:\n  - name: a\n  # - name: spare\n  #   url: v\n");
    row("entry below an address", "llms:\n  - name: a\n  # see http://b\n  - name: b\n", second,
        "llms:\n  - name: a\n");
    row("entry at the parent's column", "llms:\n- name: a\n- name: b\nname: x\n", second,
        "llms:\n- name: a\nname: x\n");
    row("flow entry", "llms:\n  - {name: a}\n  - {name: b,\n     url: c}\n", second, "llms:\n  - {name: a}\n");
    row(
        "only entry", "llms:\n  - name: a\nname: x\n", [](ConfigDraft &draft) { draft.removeEntry(u"llms"_s, 0); },
        "llms: []\nname: x\n");
}

void TestConfigDraft::changes()
{
    QFETCH(QByteArray, before);
    QFETCH(Change, change);
    QFETCH(QByteArray, after);
    ConfigDraft draft = draftOf(before);
    change(draft);
    QCOMPARE(draft.text(), after);
    QVERIFY(draft == draftOf(after));
}

void TestConfigDraft::appendsEntries()
{
    ConfigDraft draft = draftOf("# mine\n");
    QCOMPARE(draft.appendEntry(u"llms"_s, u"a"_s), u"llms[0]"_s);
    draft.setText(u"llms[0].url"_s, u"http://h"_s);
    QCOMPARE(draft.appendEntry(u"llms"_s, u"12"_s), u"llms[1]"_s);
    draft.setList(u"llms[1].wake.args"_s, {u"--profile"_s, u"qwen"_s});
    QCOMPARE(draft.text(), QByteArray("# mine\nllms:\n  - name: a\n    url: http://h\n  - name: \"12\"\n    wake:\n"
                                      "      args: [\"--profile\", qwen]\n"));
    ConfigDraft flow = draftOf("llms: [{name: a}]\nagents: []\n");
    QCOMPARE(flow.appendEntry(u"llms"_s, u"b"_s), u"llms[1]"_s);
    QCOMPARE(flow.appendEntry(u"agents"_s, u"c"_s), u"agents[0]"_s);
    QCOMPARE(flow.text(), QByteArray("llms: [{name: a}, {name: b}]\nagents:\n  - name: c\n"));
    ConfigDraft open = draftOf("llms: # none yet\nagents:\n");
    open.appendEntry(u"llms"_s, u"b"_s);
    QCOMPARE(open.text(), QByteArray("llms: # none yet\n  - name: b\nagents:\n"));
}

void TestConfigDraft::removesEntries()
{
    ConfigDraft draft = draftOf("llms:\n  - name: a\n  - name: b\n  - name: c\n");
    draft.removeEntry(u"llms"_s, 0);
    draft.removeEntry(u"llms"_s, 1);
    QCOMPARE(draft.text(), QByteArray("llms:\n  - name: b\n"));
    draft.removeEntry(u"llms"_s, 1);
    QCOMPARE(draft.entryCount(u"llms"_s), 1);
}

void TestConfigDraft::dropsByteOrderMarks()
{
    ConfigDraft draft = draftOf("\xef\xbb\xbf"
                                "a: 1\nb: 2\n");
    draft.setInteger(u"b"_s, 3);
    QCOMPARE(draft.text(), QByteArray("a: 1\nb: 3\n"));
}

void TestConfigDraft::remembersWhatItCameFrom()
{
    QVERIFY(ConfigDraft().base().isEmpty());
    const QByteArray text("\xef\xbb\xbf"
                          "a: 1\n");
    ConfigDraft draft = draftOf(text);
    QVERIFY(draft.setInteger(u"a"_s, 2));
    QCOMPARE(draft.base(), text);
    draft.setBase(draft.text());
    QVERIFY(draft.setInteger(u"a"_s, 3));
    QCOMPARE(draft.base(), QByteArray("a: 2\n"));
}

void TestConfigDraft::refusesWhatNoFileCanHold_data()
{
    using Refused = std::function<bool(ConfigDraft &)>;
    QTest::addColumn<Refused>("change");
    QTest::newRow("name twice") << Refused([](ConfigDraft &draft) {
        return draft.setMap(u"a.m"_s, {{u"A"_s, u"1"_s}, {u"A"_s, u"2"_s}});
    });
    QTest::newRow("name twice where there was one") << Refused([](ConfigDraft &draft) {
        return draft.setMap(u"a.n"_s, {{u"A"_s, u"1"_s}, {u"A"_s, u"2"_s}});
    });
    QTest::newRow("long name") << Refused([](ConfigDraft &draft) {
        return draft.setMap(u"a.m"_s, {{QString(1500, u'k'), u"1"_s}});
    });
    QTest::newRow("long text") << Refused(
        [](ConfigDraft &draft) { return draft.setText(u"a.b"_s, QString(1'100'000, u'x')); });
    QTest::newRow("depth") << Refused([](ConfigDraft &draft) {
        QJsonObject object;
        for (int i = 0; i < 40; ++i)
            object = {{u"a"_s, object}};
        return draft.setObject(u"a.m"_s, object);
    });
    QTest::newRow("values") << Refused([](ConfigDraft &draft) {
        QJsonArray array;
        for (int i = 0; i < 100'001; ++i)
            array.append(i);
        return draft.setObject(u"a.m"_s, {{u"l"_s, array}});
    });
}

void TestConfigDraft::refusesWhatNoFileCanHold()
{
    QFETCH(std::function<bool(ConfigDraft &)>, change);
    const QByteArray before("# top\na:\n  b: old # why\n  n: {A: \"0\"}\n");
    ConfigDraft draft = draftOf(before);
    QVERIFY(!change(draft));
    QCOMPARE(draft.text(), before);
    QVERIFY(draft.setText(u"a.b"_s, u"new"_s));
    QCOMPARE(draft.text(), QByteArray("# top\na:\n  b: new # why\n  n: {A: \"0\"}\n"));
}

void TestConfigDraft::rewritesWhatItCannotCut_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("after");
    const Change set = [](ConfigDraft &draft) { draft.setText(u"a.b"_s, u"new"_s); };
    row("alias that is replaced", "# top\nx: &x old\na:\n  b: *x # why\n", set,
        "# top\nx: &x old\na:\n  b: new # why\n");
    row("inside of an alias", "# top\nx: &x {b: old, c: 1} # why\na: *x\n# end\n", set,
        "# top\nx: &x {b: old, c: 1} # why\na:\n  b: new\n  c: 1\n# end\n");
    row("anchor that is used", "# top\na: {b: &x old} # why\n# of y\ny: 1\nz: [*x] # gone\n# end\n", set,
        "# top\na:\n  b: new\n# of y\ny: 1\nz: [old]\n# end\n");
    row("anchored map that is used", "a: &x\n  b: old\nz: *x\n", set, "a:\n  b: new\nz:\n  b: old\n");
    row("anchor that is not used", "a:\n  b: &x old # why\n", set, "a:\n  b: new # why\n");
    row("explicit key", "# top\n? a\n: b: old\n", set, "a:\n  b: new\n");
    row(
        "end marker", "# top\na: 1\n...\n", [](ConfigDraft &draft) { draft.setText(u"b"_s, u"new"_s); },
        "# top\na: 1\nb: new\n...\n");
    row(
        "literal without a line break", "# top\na: 1 # why\nb: |\n  c",
        [](ConfigDraft &draft) { draft.setText(u"d"_s, u"new"_s); }, "# top\na: 1 # why\nb: c\nd: new\n");
    row(
        "literal that loses its place", "# top\na: |\n  b\n   \nz: 1\n",
        [](ConfigDraft &draft) { draft.setText(u"a"_s, u"new"_s); }, "# top\na: new\n   \nz: 1\n");
}

void TestConfigDraft::rewritesWhatItCannotCut()
{
    changes();
}

QTEST_APPLESS_MAIN(TestConfigDraft)
#include "tst_configdraft.moc"
