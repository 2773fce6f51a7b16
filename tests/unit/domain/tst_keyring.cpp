// The key ring: whose key a token is, and what its holder may do.

#include "keyring.h"

#include <QCryptographicHash>
#include <QTest>

using namespace hearth;
using namespace hearth::domain;

namespace {

constexpr char token[] = "hk_0123456789";
const WallTime now{std::chrono::seconds(1'000)};

ApiKey keyOf(const QByteArray &clear)
{
    ApiKey key;
    key.id = ApiKeyId::create();
    key.name = QStringLiteral("laptop");
    key.owner = QStringLiteral("alice");
    key.hash = QCryptographicHash::hash(clear, QCryptographicHash::Sha256);
    key.scopes = {Scope::Infer};
    return key;
}

} // namespace

class TestKeyRing final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownKeyIsItsOwners();
    void invalidKeys_data();
    void invalidKeys();
    void refusalsLookAlike();
    void scopes();
    void models();
    void renewFindsTheChangedKey();
    void renewOfARevokedKey();
    void keysAreReplacedAsAWhole();
};

void TestKeyRing::knownKeyIsItsOwners()
{
    KeyRing ring;
    QVERIFY(!ring.hasValidKey(now));
    ring.setKeys({keyOf(token)});
    QVERIFY(ring.hasValidKey(now));
    const auto principal = ring.authenticate(token, now);
    QVERIFY(principal);
    QCOMPARE(principal->owner(), QStringLiteral("alice"));
    QCOMPARE(principal->key().name, QStringLiteral("laptop"));
}

void TestKeyRing::invalidKeys_data()
{
    QTest::addColumn<QByteArray>("presented");
    QTest::addColumn<int>("expiresAt");
    QTest::addColumn<int>("revokedAt");
    QTest::addColumn<bool>("valid");

    QTest::newRow("valid") << QByteArray(token) << 0 << 0 << true;
    QTest::newRow("not yet expired") << QByteArray(token) << 1'001 << 0 << true;
    QTest::newRow("expires now") << QByteArray(token) << 1'000 << 0 << false;
    QTest::newRow("expired") << QByteArray(token) << 999 << 0 << false;
    QTest::newRow("revoked") << QByteArray(token) << 0 << 500 << false;
    QTest::newRow("unknown") << QByteArray("hk_other") << 0 << 0 << false;
    QTest::newRow("prefix of a key") << QByteArray(token).chopped(1) << 0 << 0 << false;
    QTest::newRow("empty") << QByteArray() << 0 << 0 << false;
    QTest::newRow("the hash itself") << keyOf(token).hash << 0 << 0 << false;
}

void TestKeyRing::invalidKeys()
{
    QFETCH(QByteArray, presented);
    QFETCH(int, expiresAt);
    QFETCH(int, revokedAt);
    QFETCH(bool, valid);
    ApiKey key = keyOf(token);
    if (expiresAt)
        key.expiresAt = WallTime(std::chrono::seconds(expiresAt));
    if (revokedAt)
        key.revokedAt = WallTime(std::chrono::seconds(revokedAt));
    KeyRing ring;
    ring.setKeys({key});
    const auto principal = ring.authenticate(presented, now);
    QCOMPARE(principal.ok(), valid);
    if (!valid)
        QVERIFY(principal.error().code == ErrorCode::InvalidApiKey);
}

void TestKeyRing::refusalsLookAlike()
{
    ApiKey revoked = keyOf(token);
    revoked.revokedAt = now;
    KeyRing ring;
    ring.setKeys({revoked});
    QVERIFY(ring.authenticate(token, now).error() == ring.authenticate("hk_unknown", now).error());
}

void TestKeyRing::scopes()
{
    ApiKey key = keyOf(token);
    const auto has = [&key](Scope scope) { return Principal(std::make_shared<const ApiKey>(key)).has(scope); };
    QVERIFY(has(Scope::Infer));
    QVERIFY(!has(Scope::Publish));
    QVERIFY(!has(Scope::Admin));
    key.scopes = {Scope::Admin};
    QVERIFY(has(Scope::Infer));
    QVERIFY(has(Scope::Publish));
    QVERIFY(has(Scope::Admin));
    key.scopes = {};
    QVERIFY(!has(Scope::Infer));
}

void TestKeyRing::models()
{
    ApiKey key = keyOf(token);
    key.models = {QStringLiteral("team-*")};
    const Principal principal(std::make_shared<const ApiKey>(key));
    QVERIFY(principal.mayUse(u"team-a"));
    QVERIFY(!principal.mayUse(u"other"));
}

void TestKeyRing::renewFindsTheChangedKey()
{
    KeyRing ring;
    ApiKey key = keyOf(token);
    ring.setKeys({key});
    const Principal before = ring.authenticate(token, now).value();
    key.models = {QStringLiteral("only-this")};
    ring.setKeys({key});
    const auto after = ring.renew(before, now);
    QVERIFY(after);
    QVERIFY(!after->mayUse(u"that"));
    // A principal is the key as it was when the request came.
    QVERIFY(before.mayUse(u"that"));
}

void TestKeyRing::renewOfARevokedKey()
{
    KeyRing ring;
    ApiKey key = keyOf(token);
    ring.setKeys({key});
    const Principal before = ring.authenticate(token, now).value();
    key.revokedAt = now;
    ring.setKeys({key});
    QVERIFY(!ring.renew(before, now));
}

void TestKeyRing::keysAreReplacedAsAWhole()
{
    KeyRing ring;
    ring.setKeys({keyOf(token)});
    ring.setKeys({keyOf("hk_other")});
    QVERIFY(!ring.authenticate(token, now));
    QVERIFY(ring.authenticate("hk_other", now));
}

QTEST_GUILESS_MAIN(TestKeyRing)
#include "tst_keyring.moc"
