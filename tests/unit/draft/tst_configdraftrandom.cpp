// Thousands of random changes to random texts: only the value that is changed changes, and no comment gets lost.

#include "configdraft.h"
#include "configpath.h"
#include "randomyaml.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::draft;

namespace {

constexpr quint32 documents = 1000;
constexpr int changesPerDocument = 4;

ConfigNode treeOf(const QByteArray &text)
{
    QList<ConfigProblem> problems;
    const auto root = parseYaml(text, QStringLiteral("random"), problems);
    if (!root)
        qFatal("%s\n%s", qPrintable(problems.first().toString()), text.constData());
    return *root;
}

struct Place
{
    QString path;
    const ConfigNode *node;
};

void collect(std::vector<Place> &places, const QString &path, const ConfigNode &node)
{
    if (!path.isEmpty())
        places.push_back({path, &node});
    if (const auto *list = std::get_if<ConfigNode::List>(&node.value)) {
        for (size_t i = 0; i < list->size(); ++i)
            collect(places, QStringLiteral("%1[%2]").arg(path).arg(i), (*list)[i]);
    } else if (const auto *map = std::get_if<ConfigNode::Map>(&node.value)) {
        for (const ConfigMember &member : *map)
            collect(places, path.isEmpty() ? member.key : path + u'.' + member.key, member.value);
    }
}

QString randomText(QRandomGenerator &random)
{
    static const QStringList texts{QStringLiteral("word"),
                                   QString(),
                                   QStringLiteral("a: b"),
                                   QStringLiteral("# x"),
                                   QStringLiteral(" space "),
                                   QStringLiteral("one\ntwo"),
                                   QStringLiteral("one\n\n two\n"),
                                   QStringLiteral("  one\ntwo"),
                                   QStringLiteral("\n"),
                                   QStringLiteral("grün\n\tblau"),
                                   QStringLiteral("true"),
                                   QStringLiteral("12"),
                                   QStringLiteral("{a, ]"),
                                   QStringLiteral("*a"),
                                   QStringLiteral("'\"\\"),
                                   QStringLiteral("it's")};
    return texts[random.bounded(texts.size())];
}

enum class Kind { Set, Add, Remove };

struct Done
{
    Kind kind;
    QString path;
};

bool setSomething(ConfigDraft &draft, const QString &path, QRandomGenerator &random)
{
    switch (random.bounded(5)) {
    case 0:
        return draft.setInteger(path, random.bounded(100));
    case 1:
        return draft.setList(path, {randomText(random), randomText(random)});
    case 2:
        return draft.setMap(path, {{QStringLiteral("k1"), randomText(random)}, {QStringLiteral("n"), QString()}});
    case 3:
        return draft.setObject(path, {{QStringLiteral("k0"), QJsonArray{1.5, QJsonObject{{randomText(random), true}}}},
                                      {QStringLiteral("z"), QJsonValue::Null}});
    default:
        return draft.setText(path, randomText(random));
    }
}

Done changeSomething(ConfigDraft &draft, const ConfigNode &root, QRandomGenerator &random)
{
    std::vector<Place> places;
    collect(places, {}, root);
    if (places.empty() || random.bounded(8) == 0) {
        setSomething(draft, QStringLiteral("added"), random);
        return {places.empty() || !findNode(root, configPath(u"added")) ? Kind::Add : Kind::Set,
                QStringLiteral("added")};
    }
    const Place &place = places[static_cast<size_t>(random.bounded(static_cast<int>(places.size())))];
    const auto *list = std::get_if<ConfigNode::List>(&place.node->value);
    const bool isMap = std::holds_alternative<ConfigNode::Map>(place.node->value);
    if ((list || isMap) && random.bounded(3) == 0) {
        const QString path = list ? QStringLiteral("%1[%2]").arg(place.path).arg(list->size()) : place.path + u".new";
        const bool isNew = !findNode(root, configPath(path));
        setSomething(draft, path, random);
        return {isNew ? Kind::Add : Kind::Set, path};
    }
    if (random.bounded(3) == 0) {
        draft.remove(place.path);
        return {Kind::Remove, place.path};
    }
    setSomething(draft, place.path, random);
    return {Kind::Set, place.path};
}

bool isAtOrBelow(const QString &path, const QString &top)
{
    return path == top || path.startsWith(top + u'.') || path.startsWith(top + u'[');
}

/// Whether the two documents are the same but for what was done.
bool isSameElsewhere(const ConfigNode &before, const ConfigNode &after, const Done &done)
{
    const ConfigPath path = configPath(done.path);
    const ConfigEdit mark{path, ConfigNode{.value = ConfigNode::Scalar{QStringLiteral("mark"), true}}};
    switch (done.kind) {
    case Kind::Set:
        return isSame(applied(before, mark), applied(after, mark));
    case Kind::Add:
        return isSame(applied(before, mark), applied(after, mark));
    case Kind::Remove: {
        const ConfigNode wanted = applied(before, {path, std::nullopt});
        return isSame(wanted, after) ||
               (isEmptyCollection(wanted) && std::holds_alternative<std::monostate>(after.value));
    }
    }
    Q_UNREACHABLE();
}

/// Empty when only what was done has changed. Forgets the comments that may go with it.
QByteArray faultOf(const ConfigDraft &draft, const ConfigNode &before, const Done &done, bool hasAnchors,
                   std::vector<RandomYaml::Comment> &comments)
{
    if (!isSameElsewhere(before, treeOf(draft.text()), done))
        return "something else has changed";
    std::erase_if(comments, [&done](const RandomYaml::Comment &comment) {
        const bool isRemovedEntry = done.kind == Kind::Remove && done.path.endsWith(u']');
        const bool isAbove = comment.above == done.path && !isRemovedEntry;
        return isAtOrBelow(comment.above, done.path) && !isAbove;
    });
    for (const RandomYaml::Comment &comment : comments) {
        if (!hasAnchors && !draft.text().contains(comment.text))
            return comment.text + " is lost";
    }
    return {};
}

} // namespace

class TestConfigDraftRandom final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesOneValue_data();
    void changesOneValue();
};

void TestConfigDraftRandom::changesOneValue_data()
{
    QTest::addColumn<bool>("hasAnchors");
    QTest::newRow("without anchors") << false;
    QTest::newRow("with anchors") << true;
}

void TestConfigDraftRandom::changesOneValue()
{
    QFETCH(bool, hasAnchors);
    for (quint32 seed = 1; seed <= documents; ++seed) {
        RandomYaml yaml(seed, hasAnchors ? RandomYaml::Anchors::Some : RandomYaml::Anchors::None);
        QRandomGenerator random(seed);
        const auto opened = ConfigDraft::fromText(yaml.text, QStringLiteral("random"));
        QVERIFY2(opened.ok(), yaml.text.constData());
        ConfigDraft draft = *opened;
        for (int i = 0; i < changesPerDocument; ++i) {
            const QByteArray before = draft.text();
            const ConfigNode tree = treeOf(before);
            const Done done = changeSomething(draft, tree, random);
            if (const QByteArray fault = faultOf(draft, tree, done, hasAnchors, yaml.comments); !fault.isEmpty()) {
                // QtTest cuts messages that are as long as these.
                qWarning("Was:\n%s\nIs:\n%s", before.constData(), draft.text().constData());
                QFAIL(qPrintable(QStringLiteral("Seed %1, %2: %3").arg(seed).arg(done.path, QLatin1String(fault))));
            }
            // Paths behind an item that is gone are others now.
            if (done.kind == Kind::Remove)
                break;
        }
    }
}

QTEST_APPLESS_MAIN(TestConfigDraftRandom)
#include "tst_configdraftrandom.moc"
