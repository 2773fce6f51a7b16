#include "confignode.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hearth;

namespace {

/// The document, where it has to be a legal one.
std::optional<ConfigNode> parse(const QByteArray &yaml)
{
    QList<ConfigProblem> problems;
    return parseYaml(yaml, QStringLiteral("f"), problems);
}

} // namespace

class TestYaml final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersPlaces();
    void remembersOffsets();
    void scalarsToJson_data();
    void scalarsToJson();
    void nothing_data();
    void nothing();
    void anchors();
    void faults_data();
    void faults();
    void limits_data();
    void limits();
};

void TestYaml::remembersPlaces()
{
    const auto root = parse("# comment\na: 1\nb:\n  - x\n  - {c: 'y'}\n");
    QVERIFY(root);
    const auto &map = std::get<ConfigNode::Map>(root->value);
    QCOMPARE(map.size(), size_t(2));
    QCOMPARE(map[0].key, QStringLiteral("a"));
    QCOMPARE(map[0].line, 2);
    QVERIFY(!std::get<ConfigNode::Scalar>(map[0].value.value).quoted);
    const auto &list = std::get<ConfigNode::List>(map[1].value.value);
    QCOMPARE(map[1].line, 3);
    QCOMPARE(list[0].line, 4);
    QCOMPARE(list[1].line, 5);
    QVERIFY(std::get<ConfigNode::Scalar>(std::get<ConfigNode::Map>(list[1].value)[0].value.value).quoted);
}

void TestYaml::remembersOffsets()
{
    const QByteArray yaml = "\xef\xbb\xbfä: &x {b: 'c'}\r\nd:\r\n- *x\r\n- |\r\n  e\r\n";
    const auto root = parse(yaml);
    QVERIFY(root);
    const auto textAt = [text = yaml.sliced(3)](qsizetype offset) { return text.sliced(offset); };
    const auto &map = std::get<ConfigNode::Map>(root->value);
    QVERIFY(textAt(map[0].value.offset).startsWith("&x {"));
    QVERIFY(textAt(std::get<ConfigNode::Map>(map[0].value.value)[0].offset).startsWith("b: 'c'"));
    QVERIFY(textAt(map[1].offset).startsWith("d:"));
    const auto &list = std::get<ConfigNode::List>(map[1].value.value);
    QVERIFY(textAt(list[0].offset).startsWith("*x"));
    QVERIFY(textAt(list[1].offset).startsWith("|"));
}

void TestYaml::scalarsToJson_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QJsonValue>("json");
    const auto row = [](const char *yaml, const QJsonValue &json) {
        QTest::newRow(QByteArray(yaml).simplified()) << QByteArray(yaml) << json;
    };
    row("0.2", 0.2);
    row("12", 12);
    row("-3", -3);
    row("1e3", 1000.0);
    row("9007199254740993", qint64(9007199254740993));
    row("123456789012345678901234567890", 123456789012345678901234567890.0);
    row("true", true);
    row("FALSE", false);
    row("~", QJsonValue::Null);
    row("null", QJsonValue::Null);
    row("yes", QStringLiteral("yes"));
    row("'12'", QStringLiteral("12"));
    row("\"true\"", QStringLiteral("true"));
    row("!!str 12", QStringLiteral("12"));
    row("0x10", QStringLiteral("0x10"));
    row("1.2.3", QStringLiteral("1.2.3"));
    row(".inf", QStringLiteral(".inf"));
    row("1e999", QStringLiteral("1e999"));
    row("plain text", QStringLiteral("plain text"));
    row("|\n  two\n  lines", QStringLiteral("two\nlines"));
    row("[1, a, {b: ~}]", QJsonDocument::fromJson(R"([1, "a", {"b": null}])").array());
}

void TestYaml::scalarsToJson()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QJsonValue, json);
    const auto root = parse(yaml);
    QVERIFY(root);
    QCOMPARE(root->toJson(), json);
}

void TestYaml::nothing_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::newRow("no bytes") << QByteArray();
    QTest::newRow("comments") << QByteArray("# listen: 127.0.0.1:4327\n");
    QTest::newRow("marker") << QByteArray("---\n");
}

void TestYaml::nothing()
{
    QFETCH(QByteArray, yaml);
    const auto root = parse(yaml);
    QVERIFY(root);
    QVERIFY(std::holds_alternative<std::monostate>(root->value));
}

void TestYaml::anchors()
{
    const auto root = parse("a: &wake {type: http, wait: 5}\nb: *wake\n");
    QVERIFY(root);
    const QJsonObject object = root->toJson().toObject();
    QCOMPARE(object[u"b"].toObject()[u"wait"].toInt(), 5);
    QCOMPARE(object[u"a"], object[u"b"]);
}

void TestYaml::faults_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const QByteArray &yaml, const char *message) {
        QTest::newRow(name) << yaml << QString::fromUtf8(message);
    };
    row("duplicate key", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: a is given twice, first on line 1");
    row("nested duplicate key", "a:\n  b: 1\n  b: 2\n", "f.yaml:3:3: b is given twice, first on line 2");
    row("quoted duplicate key", "a: 1\n'a': 2\n", "f.yaml:2:1: a is given twice, first on line 1");
    row("tab", "a:\n\tb: 1\n", "f.yaml:2:");
    row("unclosed map", "a: {b: 1\n", "f.yaml:2:1: end of map flow not found");
    row("unclosed quote", "a: 'b\nc: 'd'\n", "f.yaml:2:");
    row("unknown alias", "a: *b\n", "f.yaml:1:4: the referenced anchor is not defined");
    row("alias to itself", "a: &b [*b]\n", "f.yaml:1:8: an alias within the value that it stands for");
    row("key that is a list", "? [a]\n: b\n", "f.yaml:1:3: a key must be a text");
    row("key that is nothing", "~: b\n", "f.yaml:1:1: a key must be a text");
    row("tag", "a: !include other.yaml\n", "f.yaml:1:4: the tag !include means nothing here");
    row("two documents", "a: 1\n---\nb: 2\n", "f.yaml: holds more than one document");
    row("not UTF-8", "a: \xff\n", "f.yaml: is not UTF-8 text");
}

void TestYaml::faults()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, message);
    QList<ConfigProblem> problems;
    QVERIFY(!parseYaml(yaml, QStringLiteral("f.yaml"), problems));
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems[0].toString().startsWith(message), qPrintable(problems[0].toString()));
    QVERIFY(problems[0].place.startsWith(QStringLiteral("f.yaml")));
    QVERIFY(problems[0].key.isEmpty());
}

void TestYaml::limits_data()
{
    QTest::addColumn<QByteArray>("legal");
    QTest::addColumn<QByteArray>("tooMuch");
    QTest::addColumn<QString>("message");
    QTest::newRow("size") << QByteArray("a: ").leftJustified(64, 'x') << QByteArray("a: ").leftJustified(65, 'x')
                          << QStringLiteral("f: is larger than 64 bytes");
    QTest::newRow("depth") << QByteArray("[[[1]]]") << QByteArray("[[[[1]]]]")
                           << QStringLiteral("f:1:4: more than 3 maps and lists within each other");
    QTest::newRow("deep") << QByteArray("1") << QByteArray(60, '[')
                          << QStringLiteral("f:1:2: more than 3 maps and lists within each other");
    QTest::newRow("nodes") << QByteArray("[1,1,1,1,1,1,1,1,1,1,1]")
                           << QByteArray("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")
                           << QStringLiteral("f:1:24: more than 12 values");
    QTest::newRow("aliases") << QByteArray("[&a [1,1], *a]") << QByteArray("[&a [1,1], &b [*a,*a], *b]")
                             << QStringLiteral("f:1:24: more than 12 values");
}

void TestYaml::limits()
{
    QFETCH(QByteArray, legal);
    QFETCH(QByteArray, tooMuch);
    QFETCH(QString, message);
    const YamlLimits limits{.size = 64, .depth = 3, .nodes = 12};
    QList<ConfigProblem> problems;
    QVERIFY(parseYaml(legal, QStringLiteral("f"), problems, limits));
    QVERIFY(problems.isEmpty());
    QVERIFY(!parseYaml(tooMuch, QStringLiteral("f"), problems, limits));
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].toString(), message);
}

QTEST_APPLESS_MAIN(TestYaml)
#include "tst_yaml.moc"
