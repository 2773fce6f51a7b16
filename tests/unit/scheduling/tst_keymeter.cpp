// The limits of keys: at the same time, and by the minute.

#include "keymeter.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace std::chrono_literals;

class TestKeyMeter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutLimits();
    void atTheSameTime();
    void checkChangesNothing();
    void requestsPerMinute();
    void tokensPerMinute();
    void overdraftIsBounded();
    void limitsMayChange();
    void keysDoNotShare();
    void quietKeysAreForgotten();
};

namespace {

domain::ApiKey makeKey(const char *name, domain::KeyLimits limits)
{
    domain::ApiKey key;
    key.id = ApiKeyId(QLatin1String(name));
    key.name = QLatin1String(name);
    key.limits = limits;
    return key;
}

/// One that is over at once.
Result<void> pass(KeyMeter &meter, const domain::ApiKey &key)
{
    const Result<void> begun = meter.begin(key);
    if (begun)
        meter.ended(key.id);
    return begun;
}

} // namespace

void TestKeyMeter::withoutLimits()
{
    FakeClock clock;
    KeyMeter meter(clock);
    const domain::ApiKey key = makeKey("k", {});
    for (int i = 0; i < 1000; ++i)
        QVERIFY(meter.begin(key));
    QCOMPARE(meter.running(key.id), 1000);
    for (int i = 0; i < 1001; ++i)
        meter.ended(key.id);
    QCOMPARE(meter.running(key.id), 0);
    QCOMPARE(meter.accounts(), 0);
}

void TestKeyMeter::atTheSameTime()
{
    FakeClock clock;
    KeyMeter meter(clock);
    const domain::ApiKey key = makeKey("k", {.maxConcurrent = 2});
    QVERIFY(meter.begin(key));
    QVERIFY(meter.begin(key));
    const Result<void> refused = meter.begin(key);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    QCOMPARE(refused.error().message,
             QStringLiteral("Key 'k' is limited to 2 requests at the same time; try again later."));
    QCOMPARE(refused.error().retryAfter, std::optional<std::chrono::seconds>(1s));
    QCOMPARE(meter.running(key.id), 2);
    meter.ended(key.id);
    QVERIFY(meter.begin(key));
}

void TestKeyMeter::checkChangesNothing()
{
    FakeClock clock;
    KeyMeter meter(clock);
    const domain::ApiKey key = makeKey("k", {.maxConcurrent = 1, .requestsPerMinute = 1});
    for (int i = 0; i < 5; ++i)
        QVERIFY(meter.check(key));
    QCOMPARE(meter.accounts(), 0);
    QVERIFY(meter.begin(key));
    QCOMPARE(meter.check(key).error().message, meter.begin(key).error().message);
    meter.ended(key.id);
    QCOMPARE(meter.check(key).error().message,
             QStringLiteral("Key 'k' is limited to 1 requests per minute; try again later."));
    clock.advance(1min);
    QVERIFY(meter.check(key));
}

void TestKeyMeter::requestsPerMinute()
{
    FakeClock clock;
    KeyMeter meter(clock);
    const domain::ApiKey key = makeKey("k", {.requestsPerMinute = 6});
    for (int i = 0; i < 6; ++i)
        QVERIFY(pass(meter, key));
    const Result<void> refused = pass(meter, key);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    QCOMPARE(refused.error().retryAfter, std::optional<std::chrono::seconds>(10s));
    clock.advance(9999ms);
    QVERIFY(!pass(meter, key));
    clock.advance(1ms);
    QVERIFY(pass(meter, key));
    QVERIFY(!pass(meter, key));
    // A quiet hour is not saved up.
    clock.advance(1h);
    for (int i = 0; i < 6; ++i)
        QVERIFY(pass(meter, key));
    QVERIFY(!pass(meter, key));
}

void TestKeyMeter::tokensPerMinute()
{
    FakeClock clock;
    KeyMeter meter(clock);
    const domain::ApiKey key = makeKey("k", {.tokensPerMinute = 600});
    QVERIFY(pass(meter, key));
    meter.spend(key, 900);
    const Result<void> refused = pass(meter, key);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    // What was overdrawn is paid back at 10 tokens a second.
    QCOMPARE(refused.error().retryAfter, std::optional<std::chrono::seconds>(31s));
    clock.advance(30s);
    QVERIFY(!pass(meter, key));
    clock.advance(100ms);
    QVERIFY(pass(meter, key));
    meter.spend(key, 1'000'000);
    QCOMPARE(pass(meter, key).error().retryAfter, std::optional<std::chrono::seconds>(59s));
}

void TestKeyMeter::overdraftIsBounded()
{
    FakeClock clock;
    KeyMeter meter(clock);
    domain::ApiKey key = makeKey("k", {.tokensPerMinute = 600});
    QVERIFY(pass(meter, key));
    // What one backend says, be it a lie, costs a key its next minute at most.
    meter.spend(key, 1'000'000'000);
    meter.spend(key, 1'000'000'000);
    clock.advance(60s);
    QVERIFY(!pass(meter, key));
    clock.advance(100ms);
    QVERIFY(pass(meter, key));
    // Nor does a limit that was lowered keep it out for longer.
    meter.spend(key, 1200);
    key.limits.tokensPerMinute = 60;
    QVERIFY(!pass(meter, key));
    clock.advance(61s);
    QVERIFY(pass(meter, key));
}

void TestKeyMeter::limitsMayChange()
{
    FakeClock clock;
    KeyMeter meter(clock);
    domain::ApiKey key = makeKey("k", {.requestsPerMinute = 1});
    QVERIFY(pass(meter, key));
    QVERIFY(!pass(meter, key));
    key.limits.requestsPerMinute = 0;
    QVERIFY(pass(meter, key));
    key.limits.requestsPerMinute = 2;
    QVERIFY(pass(meter, key));
    QVERIFY(pass(meter, key));
    QVERIFY(!pass(meter, key));
}

void TestKeyMeter::keysDoNotShare()
{
    FakeClock clock;
    KeyMeter meter(clock);
    QVERIFY(meter.begin(makeKey("k", {.maxConcurrent = 1})));
    QVERIFY(meter.begin(makeKey("l", {.maxConcurrent = 1})));
}

void TestKeyMeter::quietKeysAreForgotten()
{
    FakeClock clock;
    KeyMeter meter(clock);
    for (const char *const name : {"k", "l", "m"})
        QVERIFY(pass(meter, makeKey(name, {.requestsPerMinute = 60})));
    QCOMPARE(meter.accounts(), 3);
    clock.advance(61s);
    QVERIFY(meter.begin(makeKey("n", {.requestsPerMinute = 60})));
    QCOMPARE(meter.accounts(), 1);
}

QTEST_GUILESS_MAIN(TestKeyMeter)
#include "tst_keymeter.moc"
