// The route of publishers: which requests are the handshake of a control channel, and who gets the connection.

#include "apiharness.h"
#include "upgraderequest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using http::Method;

class TestPublishRoute final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void upgrades_data();
    void upgrades();
    void upgradeHandsOverTheConnection();
};

namespace {

http::RequestHead handshake()
{
    http::RequestHead head;
    head.fields = {{"Host", "localhost"},
                   {"Connection", "Upgrade"},
                   {"Upgrade", "websocket"},
                   {"Sec-WebSocket-Version", "13"},
                   {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                   {"Sec-WebSocket-Protocol", "hearth.v1"}};
    return head;
}

/// The fields with one of them replaced, or left out where the value is null.
HttpFields with(const HttpFields &fields, const QByteArray &name, const QByteArray &value)
{
    HttpFields changed;
    for (const HttpField &field : fields) {
        if (field.name != name)
            changed.append(field.name, field.value);
    }
    if (!value.isNull())
        changed.append(name, value);
    return changed;
}

} // namespace

void TestPublishRoute::upgrades_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char *tag, const char *name, const QByteArray &value, bool accepted) {
        QTest::newRow(tag) << QByteArray(name) << value << accepted;
    };
    row("as it should be", "Host", "localhost", true);
    row("upgrade among others", "Connection", "keep-alive, Upgrade", true);
    row("small letters", "Connection", "upgrade", true);
    row("capital letters", "Upgrade", "WebSocket", true);
    row("our protocol among others", "Sec-WebSocket-Protocol", "chat, hearth.v1", true);
    row("no connection", "Connection", {}, false);
    row("connection stays", "Connection", "keep-alive", false);
    row("almost upgrade", "Connection", "upgraded", false);
    row("no upgrade", "Upgrade", {}, false);
    row("another upgrade", "Upgrade", "h2c", false);
    row("no version", "Sec-WebSocket-Version", {}, false);
    row("old version", "Sec-WebSocket-Version", "8", false);
    row("no nonce", "Sec-WebSocket-Key", {}, false);
    row("short nonce", "Sec-WebSocket-Key", "dGhlIHNhbXBsZQ==", false);
    row("long nonce", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSBpcyBsb25n", false);
    row("nonce that is no base64", "Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!==", false);
    row("no protocol", "Sec-WebSocket-Protocol", {}, false);
    row("another version of the protocol", "Sec-WebSocket-Protocol", "hearth.v2", false);
    row("longer name", "Sec-WebSocket-Protocol", "hearth.v10", false);
    row("a browser", "Origin", "https://hearth.example", false);
    row("a browser's null", "Origin", "null", false);
    row("body of a length", "Content-Length", "0", false);
    row("chunked body", "Transfer-Encoding", "chunked", false);
}

void TestPublishRoute::upgrades()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(bool, accepted);
    http::RequestHead head = handshake();
    head.fields = with(head.fields, name, value);
    const Result<void> checked = api::checkUpgrade(head);
    QCOMPARE(checked.ok(), accepted);
    QVERIFY(accepted || checked.error().code == ErrorCode::InvalidRequest);

    head.minorVersion = 0;
    QVERIFY(!api::checkUpgrade(head));
    head.minorVersion = 1;
    head.method = Method::Head;
    QVERIFY(!api::checkUpgrade(head));
}

void TestPublishRoute::upgradeHandsOverTheConnection()
{
    ApiHarness harness;
    HttpFields fields = handshake().fields;
    fields.append("Authorization", "Bearer " + harness.publishKey);
    const ApiRequest request{.target = "/api/v1/publish", .fields = fields};
    const auto call = harness.call(request);
    QCOMPARE(call->end(), ApiCall::End::Upgraded);
    QVERIFY(harness.channelOwners.isEmpty());
    call->handOver();
    QCOMPARE(harness.channelOwners, QStringList(QStringLiteral("alice")));

    ApiHarness stopping;
    stopping.server.relay.beginShutdown();
    const auto refused = stopping.call(
        {.target = "/api/v1/publish", .fields = with(fields, "Authorization", "Bearer " + stopping.publishKey)});
    QCOMPARE(refused->status(), 503);
    QCOMPARE(refused->errorCode(), QStringLiteral("shutting_down"));
}

QTEST_GUILESS_MAIN(TestPublishRoute)
#include "tst_publishroute.moc"
