#include "modelmenu.h"

#include <QTest>

using namespace hearth;
using namespace hearth::headless;
using discovery::FoundBackend;

class TestModelMenu final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatThereIs();
    void givesEachModelAName();
    void isTheSameInAnyOrder();
    void understandsAnswers_data();
    void understandsAnswers();
    void saysWhatItDoesNotHave_data();
    void saysWhatItDoesNotHave();
    void findsModelsByName_data();
    void findsModelsByName();
};

namespace {

FoundBackend backend(const char *url, const char *kind, const QStringList &models)
{
    return {QUrl(QString::fromLatin1(url)), QString::fromLatin1(kind), models};
}

std::vector<FoundBackend> twoBackends()
{
    return {backend("http://127.0.0.1:11434/v1", "Ollama", {QStringLiteral("llama3:8b"), QStringLiteral("qwen")}),
            backend("http://127.0.0.1:8000/v1", "vLLM", {QStringLiteral("qwen"), QStringLiteral("Qwen/Big Model")})};
}

QStringList namesOf(const std::vector<OfferedModel> &models)
{
    QStringList names;
    for (const OfferedModel &model : models)
        names.append(model.name);
    return names;
}

} // namespace

void TestModelMenu::showsWhatThereIs()
{
    std::vector<FoundBackend> backends = twoBackends();
    backends.push_back(backend("http://gpu:1234/v1", "LM Studio", {}));
    QCOMPARE(ModelMenu(backends).text(), QStringLiteral("http://127.0.0.1:11434/v1 (Ollama)\n"
                                                        "  1  llama3:8b\n"
                                                        "  2  qwen\n"
                                                        "http://127.0.0.1:8000/v1 (vLLM)\n"
                                                        "  3  qwen, published as qwen-2\n"
                                                        "  4  Qwen/Big Model, published as Qwen/Big-Model\n"
                                                        "http://gpu:1234/v1 (LM Studio), without any model"));
}

void TestModelMenu::givesEachModelAName()
{
    const std::vector<OfferedModel> models = ModelMenu(twoBackends()).models();
    QCOMPARE(namesOf(models), QStringList({QStringLiteral("llama3:8b"), QStringLiteral("qwen"),
                                           QStringLiteral("qwen-2"), QStringLiteral("Qwen/Big-Model")}));
    QCOMPARE(models[2].model, QStringLiteral("qwen"));
    QCOMPARE(models[2].url, QStringLiteral("http://127.0.0.1:8000/v1"));
}

void TestModelMenu::isTheSameInAnyOrder()
{
    const ModelMenu menu(twoBackends());
    std::vector<FoundBackend> backends = twoBackends();
    std::swap(backends[0], backends[1]);
    backends.push_back(backends[0]);
    QVERIFY(ModelMenu(backends).models() == menu.models());
}

void TestModelMenu::understandsAnswers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("names");
    const auto row = [](const char *name, const char *typed, const char *names) {
        QTest::newRow(name) << QString::fromLatin1(typed) << QString::fromLatin1(names);
    };
    row("nothing", "", "");
    row("a number", "3", "qwen-2");
    row("numbers", "4, 1", "llama3:8b Qwen/Big-Model");
    row("a range", "2-3", "qwen qwen-2");
    row("numbers without commas", "1 3", "llama3:8b qwen-2");
    row("twice the same", "1,1-2", "llama3:8b qwen");
    row("all", "all", "llama3:8b qwen qwen-2 Qwen/Big-Model");
    row("a name", "qwen-2,1", "llama3:8b qwen-2");
}

void TestModelMenu::understandsAnswers()
{
    QFETCH(QString, typed);
    QFETCH(QString, names);
    const auto chosen = ModelMenu(twoBackends()).chosen(typed);
    QVERIFY2(chosen, chosen ? "" : qPrintable(chosen.error().message));
    QCOMPARE(namesOf(*chosen).join(u' '), names);
}

void TestModelMenu::saysWhatItDoesNotHave_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *typed, const char *words) {
        QTest::newRow(typed) << QString::fromLatin1(typed) << QString::fromLatin1(words);
    };
    row("0", "0 is no number of this list, which ends with 4.");
    row("5", "5 is no number");
    row("1-5", "1-5 is no number");
    row("3-2", "3-2 is no number");
    row("lama3:8b", "Did you mean llama3:8b?");
    row("gpt", "No backend has a model gpt, but: llama3:8b, qwen");
}

void TestModelMenu::saysWhatItDoesNotHave()
{
    QFETCH(QString, typed);
    QFETCH(QString, words);
    const auto chosen = ModelMenu(twoBackends()).chosen(typed);
    QVERIFY(!chosen);
    QVERIFY(chosen.error().code == ErrorCode::NotFound);
    QVERIFY2(chosen.error().message.contains(words), qPrintable(chosen.error().message));
}

void TestModelMenu::findsModelsByName_data()
{
    QTest::addColumn<QStringList>("wanted");
    QTest::addColumn<QString>("names");
    const auto row = [](const char *name, const QStringList &wanted, const char *names) {
        QTest::newRow(name) << wanted << QString::fromLatin1(names);
    };
    row("what it is published as", {QStringLiteral("qwen-2")}, "qwen-2");
    row("a name goes before a backend's own", {QStringLiteral("qwen")}, "qwen");
    row("the backend's own", {QStringLiteral("Qwen/Big Model")}, "Qwen/Big-Model");
    row("several", {QStringLiteral("qwen"), QStringLiteral("llama3:8b")}, "llama3:8b qwen");
    row("all", {QStringLiteral("all")}, "llama3:8b qwen qwen-2 Qwen/Big-Model");
}

void TestModelMenu::findsModelsByName()
{
    QFETCH(QStringList, wanted);
    QFETCH(QString, names);
    const auto named = ModelMenu(twoBackends()).named(wanted);
    QVERIFY(named);
    QCOMPARE(namesOf(*named).join(u' '), names);
    // Here a number is a name like any other.
    QVERIFY(!ModelMenu(twoBackends()).named({QStringLiteral("1")}));
}

QTEST_GUILESS_MAIN(TestModelMenu)
#include "tst_modelmenu.moc"
