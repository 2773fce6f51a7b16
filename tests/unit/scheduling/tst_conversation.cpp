// By what a conversation is recognised.

#include "conversation.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;

class TestConversation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void same_data();
    void same();
    void different_data();
    void different();
    void unknown_data();
    void unknown();
    void onlyTheBeginningCounts();
    void keysHaveTheirOwn();
};

namespace {

const ApiKeyId key(QStringLiteral("k"));
constexpr const char *shortTalk = R"([{"role":"system","content":"s"},{"role":"user","content":"hello"}])";

} // namespace

void TestConversation::same_data()
{
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("messages");
    QTest::newRow("itself") << QByteArray() << QByteArray(shortTalk);
    QTest::newRow("goes on") << QByteArray()
                             << QByteArray(R"([{"role":"system","content":"s"},{"role":"user","content":"hello"},)"
                                           R"({"role":"assistant","content":"hi"},{"role":"user","content":"?"}])");
    QTest::newRow("empty user") << QByteArray("\"\"") << QByteArray(shortTalk);
    QTest::newRow("null user") << QByteArray("null") << QByteArray(shortTalk);
}

void TestConversation::same()
{
    QFETCH(const QByteArray, user);
    QFETCH(const QByteArray, messages);
    const std::optional<quint64> known = conversationOf(key, {}, shortTalk);
    QVERIFY(known);
    QCOMPARE(conversationOf(key, user, messages), known);
}

void TestConversation::different_data()
{
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QByteArray>("messages");
    QTest::newRow("another prompt") << QByteArray()
                                    << QByteArray(
                                           R"([{"role":"system","content":"t"},{"role":"user","content":"hello"}])");
    QTest::newRow("another beginning") << QByteArray()
                                       << QByteArray(
                                              R"([{"role":"system","content":"s"},{"role":"user","content":"bye"}])");
    QTest::newRow("a user") << QByteArray("\"u\"") << QByteArray(shortTalk);
}

void TestConversation::different()
{
    QFETCH(const QByteArray, user);
    QFETCH(const QByteArray, messages);
    const std::optional<quint64> other = conversationOf(key, user, messages);
    QVERIFY(other);
    QVERIFY(other != conversationOf(key, {}, shortTalk));
}

void TestConversation::unknown_data()
{
    QTest::addColumn<QByteArray>("messages");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no messages") << QByteArray("[]");
    QTest::newRow("no user") << QByteArray(R"([{"role":"system","content":"s"}])");
    QTest::newRow("not objects") << QByteArray(R"(["user", 1, null])");
    QTest::newRow("not an array") << QByteArray(R"("user")");
}

void TestConversation::unknown()
{
    QFETCH(const QByteArray, messages);
    QVERIFY(!conversationOf(key, {}, messages));
}

void TestConversation::onlyTheBeginningCounts()
{
    const QByteArray limit(64 * 1024, 'x');
    const auto talk = [](const QByteArray &said, const QByteArray &more = {}) {
        const QByteArray messages = "[{\"role\":\"user\",\"content\":\"" + said + "\"}" + more + ']';
        return conversationOf(key, {}, messages);
    };
    const auto user = [](const QByteArray &name) { return conversationOf(key, QByteArray('"' + name + '"'), {}); };
    const QByteArray more = ",{\"role\":\"assistant\",\"content\":\"hi\"}";
    QVERIFY(talk(limit + 'a'));
    QCOMPARE(talk(limit + 'b'), talk(limit + 'a'));
    QCOMPARE(talk(limit + 'a', more), talk(limit + 'a'));
    QVERIFY(talk('y' + limit) != talk(limit + 'a'));
    QCOMPARE(user(limit + 'a'), user(limit + 'b'));
}

void TestConversation::keysHaveTheirOwn()
{
    const ApiKeyId other(QStringLiteral("l"));
    QVERIFY(conversationOf(key, "\"u\"", {}) != conversationOf(other, "\"u\"", {}));
    QCOMPARE(conversationOf(key, "\"u\"", {}), conversationOf(key, "\"u\"", shortTalk));
}

QTEST_GUILESS_MAIN(TestConversation)
#include "tst_conversation.moc"
