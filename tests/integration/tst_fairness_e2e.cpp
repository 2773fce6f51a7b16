// API keys that ask for much and API keys that ask for little, at one pool: everybody has their turn. What is measured
// is the order in which the backends got the requests, so a slow machine changes nothing.

#include "pooltest.h"

#include <numeric>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestFairnessE2e final : public PoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void fewHaveTheirTurnAmongMany();
    void aGreedyClientCostsAFairShare();
    void aFullQueueHasRoomForThoseWithLess();
    void anOwnerGoesFirstOnTheOwnBox();
    void prioritiesGoBeforeTurns();

private:
    using Calls = std::vector<std::unique_ptr<HttpCall>>;

    /// With a queue that is long enough for everybody.
    bool startWithLongQueue(const QList<BoxSettings> &boxes)
    {
        return startBoxes(boxes, {{QStringLiteral("queue.maxWaiting"), QStringLiteral("1000")}});
    }

    /// Makes a key that may infer, and waits until the server has taken it up.
    bool makeClient(const QByteArray &name, const QStringList &options = {})
    {
        const QStringList scope{QStringLiteral("--scope"), QStringLiteral("infer")};
        return !m_stack->createKey(name, scope + options).isEmpty() &&
               QTest::qWaitFor([&] { return m_stack->get("/v1/models", name)->status() == 200; });
    }

    std::unique_ptr<HttpCall> send(const QByteArray &key, const QJsonObject &members = {}) const
    {
        HttpRequest request = ask(members, key);
        request.target += "?as=" + key;
        return m_stack->call(request);
    }

    void sendMany(const QByteArray &key, int count, Calls &calls) const
    {
        // Longer than it takes to see who was first.
        const QJsonObject slow = directive({{QStringLiteral("delay"), 15}});
        for (int i = 0; i < count; ++i)
            calls.push_back(send(key, slow));
    }

    /// Takes all slots until the calls are gone.
    Calls takeSlots(int count) const
    {
        Calls calls;
        for (int i = 0; i < count; ++i)
            calls.push_back(send("client", directive({{QStringLiteral("hang"), true}})));
        return QTest::qWaitFor([&] { return begun().size() == count; }) ? std::move(calls) : Calls();
    }

    bool isQueueOf(int count) const
    {
        return QTest::qWaitFor([&] { return waiting() == count; }, 20'000);
    }

    /// Queues one request after the other behind one that holds the only slot, and returns in which order they came
    /// to the backend; nothing when something goes wrong.
    QByteArrayList orderOf(const QByteArrayList &keys)
    {
        Calls holders = takeSlots(1);
        Calls calls;
        for (const QByteArray &key : keys) {
            calls.push_back(send(key));
            if (!isQueueOf(static_cast<int>(calls.size())))
                return {};
        }
        holders.clear();
        return allSucceed(calls) ? order() : QByteArrayList();
    }

    static QByteArray keyOf(const QJsonObject &request)
    {
        return request[QLatin1String("query")].toString().toLatin1().sliced(3);
    }

    /// How many requests of `other` came to the backends while the last one of `key`, which waited for this long, did.
    qsizetype servedMeanwhile(const QByteArray &other, const QByteArray &key, double queuedMs) const
    {
        const QList<QJsonObject> all = begun();
        const auto startOf = [](const QJsonObject &request) { return request[QLatin1String("startedAt")].toDouble(); };
        const auto last =
            std::find_if(all.rbegin(), all.rend(), [&](const QJsonObject &request) { return keyOf(request) == key; });
        return std::count_if(all.begin(), all.end(), [&](const QJsonObject &request) {
            const double before = startOf(*last) - startOf(request);
            return keyOf(request) == other && before > 0 && before < queuedMs;
        });
    }

    /// By whom the requests were made that the backends got, in order, without those that took the slots.
    QByteArrayList order() const
    {
        QByteArrayList keys;
        for (const QJsonObject &request : begun())
            keys.append(keyOf(request));
        keys.removeAll("client");
        return keys;
    }

    static bool allSucceed(const Calls &calls)
    {
        return std::all_of(calls.begin(), calls.end(),
                           [](const auto &call) { return call->waitForEnd(60s) && call->status() == 200; });
    }
};

void TestFairnessE2e::fewHaveTheirTurnAmongMany()
{
    constexpr int slots = 4;
    QVERIFY(startWithLongQueue(equalBoxes(2, {.maxConcurrency = slots / 2})));
    QVERIFY(makeClient("many") && makeClient("few"));
    Calls holders = takeSlots(slots);
    QCOMPARE(holders.size(), size_t(slots));
    Calls calls;
    sendMany("many", 500, calls);
    QVERIFY(isQueueOf(500));
    sendMany("few", 5, calls);
    QVERIFY(isQueueOf(505));
    holders.clear();
    QVERIFY(allSucceed(calls));

    const QByteArrayList all = order();
    QCOMPARE(all.size(), 505);
    QCOMPARE(all.count("few"), 5);
    qInfo("the last of the few was number %lld of 505", static_cast<long long>(all.lastIndexOf("few") + 1));
    // One of the others for each of theirs. Requests to different slots may overtake each other on the way.
    qsizetype place = -1;
    for (int turn = 1; turn <= 5; ++turn) {
        place = all.indexOf("few", place + 1);
        QVERIFY2(place < 2 * turn + slots, qPrintable(QStringLiteral("turn %1 at %2").arg(turn).arg(place)));
    }
}

void TestFairnessE2e::aGreedyClientCostsAFairShare()
{
    constexpr int slots = 2;
    constexpr int modestRequests = 15;
    QVERIFY(startWithLongQueue(equalBoxes(2, {.maxConcurrency = slots / 2})));
    QVERIFY(makeClient("greedy") && makeClient("modest"));
    Calls holders = takeSlots(slots);
    QCOMPARE(holders.size(), size_t(slots));
    Calls greedy;
    sendMany("greedy", 400, greedy);
    QVERIFY(isQueueOf(400));
    holders.clear();
    QList<qsizetype> costs;
    for (int i = 0; i < modestRequests; ++i) {
        Calls one;
        sendMany("modest", 1, one);
        QVERIFY(allSucceed(one));
        const double queuedMs = one.front()->field("x-hearth-queue-ms").toDouble();
        costs.append(servedMeanwhile("greedy", "modest", queuedMs));
    }
    QVERIFY2(waiting() > 0, "the greedy client has not competed all the time");
    const qsizetype highest = *std::max_element(costs.begin(), costs.end());
    qInfo("a modest request has waited for %.1f of the greedy client's, at most for %lld",
          double(std::accumulate(costs.begin(), costs.end(), qsizetype(0))) / modestRequests,
          static_cast<long long>(highest));
    // One turn of the other key comes first; requests to different slots may overtake each other on the way. In order
    // of arrival it would be hundreds.
    QVERIFY(highest <= slots + 1);
}

void TestFairnessE2e::aFullQueueHasRoomForThoseWithLess()
{
    QVERIFY(
        startBoxes({{.llm = "box", .maxConcurrency = 1}}, {{QStringLiteral("queue.maxWaiting"), QStringLiteral("3")}}));
    QVERIFY(makeClient("many") && makeClient("few"));
    Calls holders = takeSlots(1);
    Calls many;
    for (int i = 0; i < 3; ++i) {
        sendMany("many", 1, many);
        QVERIFY(isQueueOf(i + 1));
    }
    Calls few;
    sendMany("few", 1, few);
    // The newest of who has most waiting makes room.
    QVERIFY(many.back()->waitForEnd());
    QCOMPARE(many.back()->status(), 429);
    QCOMPARE(many.back()->errorCode(), QStringLiteral("queue_full"));
    const int retryAfter = many.back()->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);
    many.pop_back();
    holders.clear();
    QVERIFY(allSucceed(many) && allSucceed(few));
}

void TestFairnessE2e::anOwnerGoesFirstOnTheOwnBox()
{
    QVERIFY(startBoxes({{.llm = "box", .maxConcurrency = 1}}));
    QVERIFY(makeClient("guest"));
    QVERIFY(makeClient("mine", {QStringLiteral("--owner"), QStringLiteral("publisher")}));
    QCOMPARE(orderOf({"guest", "guest", "mine", "mine"}), (QByteArrayList{"mine", "mine", "guest", "guest"}));
}

void TestFairnessE2e::prioritiesGoBeforeTurns()
{
    QVERIFY(startBoxes({{.llm = "box", .maxConcurrency = 1}}));
    for (const char *priority : {"low", "normal", "high"})
        QVERIFY(makeClient(priority, {QStringLiteral("--priority"), QString::fromLatin1(priority)}));
    QCOMPARE(orderOf({"low", "normal", "high", "high"}), (QByteArrayList{"high", "high", "normal", "low"}));
}

QTEST_GUILESS_MAIN(TestFairnessE2e)
#include "tst_fairness_e2e.moc"
