// The key commands as functions: what they make of their options, and what the database holds afterwards.

#include "apikeytable.h"
#include "databasefixture.h"
#include "keycommands.h"
#include "transaction.h"

#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::ApiKey;
using domain::Scope;
using storage::Engine;

class TestKeyRecords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();

    void cleanup() { m_fixture.reset(); }

    void newKeyHasDefaults();
    void everyKeyIsAnother();
    void scopes_data();
    void scopes();
    void expiries_data();
    void expiries();
    void badExpiries_data();
    void badExpiries();
    void models_data();
    void models();
    void badModels_data();
    void badModels();
    void names_data();
    void names();
    void ownerIsNotEmpty();
    void nameIsTaken();

    void updateChangesWhatIsSaid();
    void failedUpdateChangesNothing();
    void revocationIsForGood();
    void nameGoesBeforePrefix();
    void prefixMustBeUnique();
    void prefixIsWhole();

private:
    Result<void> create(const KeyOptions &options) { return createKey(m_fixture->url(), options); }

    /// The key with this name; a default one where there is none.
    ApiKey stored(const QString &name) const;
    qsizetype count() const;
    void insert(const ApiKey &key) const;

    std::optional<DatabaseFixture> m_fixture;
};

namespace {

KeyOptions infer(const QString &name)
{
    return {.name = name, .scopes = {QStringLiteral("infer")}};
}

/// What an option is given and what comes of it, where the name says how it is refused.
ErrorCode codeOf(const Result<void> &result)
{
    return result ? ErrorCode::Internal : result.error().code;
}

} // namespace

void TestKeyRecords::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
}

ApiKey TestKeyRecords::stored(const QString &name) const
{
    const auto database = m_fixture->open();
    return storage::ApiKeyTable(*database).findByName(name).value().value_or(ApiKey());
}

qsizetype TestKeyRecords::count() const
{
    const auto database = m_fixture->open();
    return storage::ApiKeyTable(*database).all().value().size();
}

void TestKeyRecords::insert(const ApiKey &key) const
{
    const auto database = m_fixture->open();
    auto transaction = storage::Transaction::begin(*database);
    if (!storage::ApiKeyTable(*database).insert(key) || !transaction->commit())
        qFatal("The key cannot be stored.");
}

void TestKeyRecords::newKeyHasDefaults()
{
    const WallTime before = SystemClock().wallNow();
    QVERIFY(create(infer(QStringLiteral("laptop"))));
    const ApiKey key = stored(QStringLiteral("laptop"));
    QCOMPARE(key.owner, QStringLiteral("laptop"));
    QVERIFY(key.scopes == QList<Scope>{Scope::Infer});
    QVERIFY(key.models.isEmpty());
    QVERIFY(!key.expiresAt && !key.revokedAt);
    QVERIFY(key.createdAt >= before && key.createdAt <= SystemClock().wallNow());
    QCOMPARE(key.hash.size(), 32);
    QVERIFY(key.prefix.startsWith(QLatin1String("hk_")));
    QCOMPARE(key.prefix.size(), 11);
}

void TestKeyRecords::everyKeyIsAnother()
{
    QSet<QByteArray> hashes;
    QSet<QString> prefixes;
    for (int i = 0; i < 20; ++i) {
        const QString name = QString::number(i);
        QVERIFY(create(infer(name)));
        hashes.insert(stored(name).hash);
        prefixes.insert(stored(name).prefix);
    }
    QCOMPARE(hashes.size(), 20);
    QCOMPARE(prefixes.size(), 20);
}

void TestKeyRecords::scopes_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QList<Scope>>("stored");
    const auto row = [](const char *given, const QList<Scope> &scopes) {
        QTest::newRow(given) << QString::fromLatin1(given).split(u' ', Qt::SkipEmptyParts) << scopes;
    };
    row("infer", {Scope::Infer});
    row("publish", {Scope::Publish});
    row("admin", {Scope::Admin});
    row("publish infer", {Scope::Publish, Scope::Infer});
    row("infer infer publish infer", {Scope::Infer, Scope::Publish});
    row("", {});
    row("Infer", {});
    row("infer,publish", {});
    row("infer root", {});
}

void TestKeyRecords::scopes()
{
    QFETCH(QStringList, given);
    QFETCH(QList<Scope>, stored);
    const Result<void> created = create({.name = QStringLiteral("x"), .scopes = given});
    QCOMPARE(created.ok(), !stored.isEmpty());
    QVERIFY(created ||
            (created.error().code == ErrorCode::InvalidRequest && created.error().param == QLatin1String("scope")));
    QVERIFY(this->stored(QStringLiteral("x")).scopes == stored);
}

void TestKeyRecords::expiries_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<std::chrono::seconds>("lifetime");
    QTest::newRow("0s") << QStringLiteral("0s") << 0s;
    QTest::newRow("90s") << QStringLiteral("90s") << 90s;
    QTest::newRow("5m") << QStringLiteral("5m") << 300s;
    QTest::newRow("12h") << QStringLiteral("12h") << std::chrono::seconds(12h);
    QTest::newRow("90d") << QStringLiteral("90d") << std::chrono::seconds(24h * 90);
    QTest::newRow("2w") << QStringLiteral("2w") << std::chrono::seconds(24h * 14);
    QTest::newRow("99999w") << QStringLiteral("99999w") << std::chrono::seconds(24h * 7 * 99999);
}

void TestKeyRecords::expiries()
{
    QFETCH(QString, given);
    QFETCH(std::chrono::seconds, lifetime);
    KeyOptions options = infer(QStringLiteral("x"));
    options.expires = given;
    const WallTime before = SystemClock().wallNow();
    QVERIFY(create(options));
    const WallTime after = SystemClock().wallNow();
    const auto expiresAt = stored(QStringLiteral("x")).expiresAt;
    QVERIFY(expiresAt && *expiresAt >= before + lifetime && *expiresAt <= after + lifetime);

    options.expires = QStringLiteral("never");
    QVERIFY(updateKey(m_fixture->url(), options));
    QVERIFY(!stored(QStringLiteral("x")).expiresAt);
}

void TestKeyRecords::badExpiries_data()
{
    QTest::addColumn<QString>("given");
    // A date beyond the year 9999 could not be printed.
    for (const char *given : {"", "90", "d", "-1d", "+1d", "1.5d", "90D", " 90d", "90d ", "90d\n", "90 d", "1y",
                              "1d12h", "Never", "100000d", "99999999999999999999s", "2030-01-01"})
        QTest::newRow(given) << QString::fromLatin1(given);
}

void TestKeyRecords::badExpiries()
{
    QFETCH(QString, given);
    KeyOptions options = infer(QStringLiteral("x"));
    options.expires = given;
    const Result<void> created = create(options);
    QVERIFY(codeOf(created) == ErrorCode::InvalidRequest);
    QCOMPARE(created.error().param, QStringLiteral("expires"));
    QCOMPARE(count(), 0);
}

void TestKeyRecords::models_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QStringList>("stored");
    QTest::newRow("all") << QString() << QStringList();
    QTest::newRow("one") << QStringLiteral("qwen*") << QStringList(QStringLiteral("qwen*"));
    QTest::newRow("two") << QStringLiteral("qwen*,Qwen/Qwen2.5-7B:latest")
                         << QStringList({QStringLiteral("qwen*"), QStringLiteral("Qwen/Qwen2.5-7B:latest")});
    QTest::newRow("space around") << QStringLiteral(" a , b ")
                                  << QStringList({QStringLiteral("a"), QStringLiteral("b")});
    QTest::newRow("space within") << QStringLiteral("my model") << QStringList(QStringLiteral("my model"));
}

void TestKeyRecords::models()
{
    QFETCH(QString, given);
    QFETCH(QStringList, stored);
    KeyOptions options = infer(QStringLiteral("x"));
    options.models = given;
    QVERIFY(create(options));
    QCOMPARE(this->stored(QStringLiteral("x")).models, stored);
}

void TestKeyRecords::badModels_data()
{
    QTest::addColumn<QString>("given");
    // None of these may turn into "all".
    for (const char *given : {",", " ", "a,", ",a", "a,,b", "a, ,b"})
        QTest::newRow(given) << QString::fromLatin1(given);
}

void TestKeyRecords::badModels()
{
    QFETCH(QString, given);
    KeyOptions options = infer(QStringLiteral("x"));
    options.models = given;
    const Result<void> created = create(options);
    QVERIFY(codeOf(created) == ErrorCode::InvalidRequest);
    QCOMPARE(created.error().param, QStringLiteral("models"));
    QCOMPARE(count(), 0);
}

void TestKeyRecords::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("one character") << QStringLiteral("x") << true;
    QTest::newRow("any text") << QStringLiteral("Alice's laptop – \"blue\"") << true;
    QTest::newRow("128 characters") << QString(128, u'x') << true;
    QTest::newRow("129 characters") << QString(129, u'x') << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("space alone") << QStringLiteral("  ") << false;
    QTest::newRow("space around") << QStringLiteral(" x") << false;
    QTest::newRow("line break") << QStringLiteral("x\ny") << false;
}

void TestKeyRecords::names()
{
    QFETCH(QString, name);
    QFETCH(bool, accepted);
    // The owner is a name, too.
    KeyOptions owned = infer(QStringLiteral("owned"));
    owned.owner = name;
    for (const KeyOptions &options : {infer(name), owned}) {
        const Result<void> created = create(options);
        QCOMPARE(created.ok(), accepted);
        QVERIFY(accepted || created.error().code == ErrorCode::InvalidRequest);
    }
    QCOMPARE(stored(QStringLiteral("owned")).owner, accepted ? name : QString());
}

void TestKeyRecords::ownerIsNotEmpty()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    KeyOptions options{.name = QStringLiteral("x"), .owner = QString()};
    const Result<void> updated = updateKey(m_fixture->url(), options);
    QVERIFY(codeOf(updated) == ErrorCode::InvalidRequest);
    QCOMPARE(updated.error().param, QStringLiteral("owner"));
}

void TestKeyRecords::nameIsTaken()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    const ApiKey first = stored(QStringLiteral("x"));
    QVERIFY(codeOf(create(infer(QStringLiteral("x")))) == ErrorCode::Conflict);
    QVERIFY(stored(QStringLiteral("x")) == first);
    // The name of a revoked key, too: what logs say of it must stay clear.
    QVERIFY(revokeKey(m_fixture->url(), QStringLiteral("x"), false));
    QVERIFY(codeOf(create(infer(QStringLiteral("x")))) == ErrorCode::Conflict);
}

void TestKeyRecords::updateChangesWhatIsSaid()
{
    KeyOptions options = infer(QStringLiteral("x"));
    options.owner = QStringLiteral("alice");
    options.models = QStringLiteral("a,b");
    options.expires = QStringLiteral("1d");
    QVERIFY(create(options));
    ApiKey expected = stored(QStringLiteral("x"));

    QVERIFY(updateKey(m_fixture->url(), {.name = QStringLiteral("x")}));
    QVERIFY(stored(QStringLiteral("x")) == expected);

    expected.scopes = {Scope::Publish};
    QVERIFY(updateKey(m_fixture->url(), {.name = QStringLiteral("x"), .scopes = {QStringLiteral("publish")}}));
    QVERIFY(stored(QStringLiteral("x")) == expected);

    expected.models.clear();
    expected.owner = QStringLiteral("bob");
    expected.expiresAt.reset();
    QVERIFY(updateKey(m_fixture->url(), {.name = expected.prefix,
                                         .owner = QStringLiteral("bob"),
                                         .models = QString(),
                                         .expires = QStringLiteral("never")}));
    QVERIFY(stored(QStringLiteral("x")) == expected);
}

void TestKeyRecords::failedUpdateChangesNothing()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    const ApiKey before = stored(QStringLiteral("x"));
    const KeyOptions options{.name = QStringLiteral("x"),
                             .scopes = {QStringLiteral("admin")},
                             .models = QStringLiteral("a"),
                             .expires = QStringLiteral("soon")};
    QVERIFY(codeOf(updateKey(m_fixture->url(), options)) == ErrorCode::InvalidRequest);
    QVERIFY(stored(QStringLiteral("x")) == before);
    QVERIFY(codeOf(updateKey(m_fixture->url(), infer(QStringLiteral("y")))) == ErrorCode::NotFound);
    QCOMPARE(count(), 1);
}

void TestKeyRecords::revocationIsForGood()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    QVERIFY(revokeKey(m_fixture->url(), QStringLiteral("x"), false));
    const auto revokedAt = stored(QStringLiteral("x")).revokedAt;
    QVERIFY(revokedAt);
    QVERIFY(revokeKey(m_fixture->url(), QStringLiteral("x"), true));
    KeyOptions options = infer(QStringLiteral("x"));
    options.expires = QStringLiteral("never");
    QVERIFY(updateKey(m_fixture->url(), options));
    QVERIFY(stored(QStringLiteral("x")).revokedAt == revokedAt);
    QVERIFY(codeOf(revokeKey(m_fixture->url(), QStringLiteral("y"), false)) == ErrorCode::NotFound);
}

void TestKeyRecords::nameGoesBeforePrefix()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    const QString prefix = stored(QStringLiteral("x")).prefix;
    QVERIFY(create(infer(prefix)));
    QVERIFY(revokeKey(m_fixture->url(), prefix, false));
    QVERIFY(stored(prefix).revokedAt);
    QVERIFY(!stored(QStringLiteral("x")).revokedAt);
}

void TestKeyRecords::prefixMustBeUnique()
{
    QVERIFY(create(infer(QStringLiteral("x"))));
    ApiKey twin = stored(QStringLiteral("x"));
    twin.id = ApiKeyId::create();
    twin.name = QStringLiteral("twin");
    twin.hash = QByteArray(32, 't');
    insert(twin);
    QVERIFY(codeOf(revokeKey(m_fixture->url(), twin.prefix, false)) == ErrorCode::Conflict);
    QVERIFY(!stored(QStringLiteral("x")).revokedAt && !stored(QStringLiteral("twin")).revokedAt);
}

void TestKeyRecords::prefixIsWhole()
{
    // What every key begins with must not revoke the only one there is.
    QVERIFY(create(infer(QStringLiteral("x"))));
    const QString prefix = stored(QStringLiteral("x")).prefix;
    for (const QString &part :
         {QString(), QStringLiteral("hk_"), prefix.chopped(1), QStringLiteral("%"), QString(prefix + u'x')})
        QVERIFY(codeOf(revokeKey(m_fixture->url(), part, false)) == ErrorCode::NotFound);
    QVERIFY(!stored(QStringLiteral("x")).revokedAt);
}

QTEST_GUILESS_MAIN(TestKeyRecords)
#include "tst_keyrecords.moc"
