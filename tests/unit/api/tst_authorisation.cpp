// Who may ask for what: every route with every kind of key, in both header fields.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::Scope;
using http::Method;

namespace {

struct Route
{
    Method method;
    const char *path;
    std::optional<Scope> scope;
    /// What a request with the right key is answered in an empty server.
    int status;
    const char *code;
};

const Route routes[] = {
    {Method::Post, "/v1/chat/completions", Scope::Infer, 404, "model_not_found"},
    {Method::Post, "/v1/completions", Scope::Infer, 404, "model_not_found"},
    {Method::Post, "/v1/embeddings", Scope::Infer, 404, "model_not_found"},
    {Method::Post, "/v1/responses", Scope::Infer, 404, "model_not_found"},
    {Method::Post, "/v1/rerank", Scope::Infer, 404, "model_not_found"},
    {Method::Post, "/v1/messages", Scope::Infer, 404, "not_found_error"},
    {Method::Post, "/api/v1/llms/m/infer", Scope::Infer, 404, "model_not_found"},
    {Method::Get, "/v1/models", Scope::Infer, 200, ""},
    {Method::Get, "/v1/models/m", Scope::Infer, 404, "model_not_found"},
    {Method::Get, "/api/v1/llms", Scope::Infer, 200, ""},
    {Method::Head, "/api/v1/llms", Scope::Infer, 200, ""},
    {Method::Get, "/api/v1/llms/m", Scope::Infer, 404, "model_not_found"},
    {Method::Delete, "/api/v1/llms/m", Scope::Admin, 404, "model_not_found"},
    {Method::Get, "/api/v1/sessions", Scope::Admin, 200, ""},
    // A key that may publish gets as far as the handshake, which this is not.
    {Method::Get, "/api/v1/publish", Scope::Publish, 400, "invalid_request"},
    {Method::Get, "/livez", std::nullopt, 200, ""},
    {Method::Get, "/readyz", std::nullopt, 200, ""},
    {Method::Get, "/healthz", std::nullopt, 200, ""},
    {Method::Get, "/version", std::nullopt, 200, ""},
};

/// `KEY` stands for a key of the kind.
struct Presentation
{
    const char *name;
    HttpFields fields;
};

const Presentation presentations[] = {
    {"bearer", {{"Authorization", "Bearer KEY"}}},
    {"bearer in small letters", {{"authorization", "bearer KEY"}}},
    {"x-api-key", {{"X-Api-Key", "KEY"}}},
    {"both", {{"Authorization", "Bearer KEY"}, {"x-api-key", "KEY"}}},
};

} // namespace

class TestAuthorisation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyRouteWithEveryKey_data();
    void everyRouteWithEveryKey();
    void otherFormsAreNoKey_data();
    void otherFormsAreNoKey();
    void twoDifferentKeysAreRefused_data();
    void twoDifferentKeysAreRefused();
    void keyInTheQueryIsNone_data();
    void keyInTheQueryIsNone();
    void keyExpiresWithTheClock();

    void cleanupTestCase() { m_api.reset(); }

private:
    /// The answer to a request for `route` with these fields.
    std::unique_ptr<ApiCall> ask(const Route &route, HttpFields fields, const QByteArray &query = {});

    std::unique_ptr<ApiHarness> m_api;
    QMap<QByteArray, QByteArray> m_keys;
};

Q_DECLARE_METATYPE(const Route *)

void TestAuthorisation::initTestCase()
{
    m_api = std::make_unique<ApiHarness>();
    const WallTime now = m_api->clock.wallNow();
    m_keys = {{"no key", {}},
              {"unknown key", "hk_unknown"},
              {"revoked key", m_api->makeKey({Scope::Admin}, [now](domain::ApiKey &key) { key.revokedAt = now; })},
              {"expired key", m_api->makeKey({Scope::Admin}, [now](domain::ApiKey &key) { key.expiresAt = now; })},
              {"infer", m_api->inferKey},
              {"publish", m_api->publishKey},
              {"admin", m_api->adminKey}};
}

std::unique_ptr<ApiCall> TestAuthorisation::ask(const Route &route, HttpFields fields, const QByteArray &query)
{
    QByteArray body;
    if (route.method == Method::Post) {
        body = R"({"model":"m"})";
        fields.append("Content-Type", "application/json");
        fields.append("Content-Length", QByteArray::number(body.size()));
    }
    return m_api->call({.method = route.method, .target = route.path + query, .fields = fields, .body = body});
}

void TestAuthorisation::everyRouteWithEveryKey_data()
{
    QTest::addColumn<const Route *>("route");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("presentation");
    for (const Route &route : routes) {
        for (auto key = m_keys.constBegin(); key != m_keys.constEnd(); ++key) {
            for (int i = 0; i < static_cast<int>(std::size(presentations)); ++i) {
                QTest::addRow("%s %s: %s as %s", route.method == Method::Delete ? "DELETE" : "", route.path,
                              key.key().constData(), presentations[i].name)
                    << &route << key.key() << i;
            }
        }
    }
}

void TestAuthorisation::everyRouteWithEveryKey()
{
    QFETCH(const Route *, route);
    QFETCH(QByteArray, kind);
    QFETCH(int, presentation);
    HttpFields fields;
    for (const HttpField &field : presentations[presentation].fields) {
        if (kind != "no key")
            fields.append(field.name, QByteArray(field.value).replace("KEY", m_keys[kind]));
    }
    const auto call = ask(*route, fields);
    QVERIFY(call->waitForEnd());

    const auto scope = domain::scopeFromString(QString::fromLatin1(kind));
    const bool anthropic = route->path == QByteArray("/v1/messages");
    QString code = QString::fromLatin1(route->code);
    int status = route->status;
    if (route->scope && !scope) {
        status = 401;
        code = anthropic ? QStringLiteral("authentication_error") : QStringLiteral("invalid_api_key");
    } else if (route->scope && scope != Scope::Admin && scope != route->scope) {
        status = 403;
        code = anthropic ? QStringLiteral("permission_error") : QStringLiteral("scope_missing");
    }
    QCOMPARE(call->status(), status);
    QCOMPARE(call->error(anthropic ? QLatin1String("type") : QLatin1String("code")), code);
    // The advice reaches the client whole: the redactor takes nothing in it for a key.
    QVERIFY(status != 401 || !call->body().contains("\u2026"));
    // Whoever has no right to ask does not get to send a body.
    QCOMPARE(call->end() == ApiCall::End::Refused, status == 401 || status == 403 || status == 400);
}

void TestAuthorisation::otherFormsAreNoKey_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *tag, const char *name, const QByteArray &value) {
        QTest::newRow(tag) << QByteArray(name) << value;
    };
    row("basic", "Authorization", "Basic KEY");
    row("no scheme", "Authorization", "KEY");
    row("scheme alone", "Authorization", "Bearer");
    row("empty token", "Authorization", "Bearer  ");
    row("no space", "Authorization", "BearerKEY");
    row("two tokens", "Authorization", "Bearer KEY KEY");
    row("empty x-api-key", "x-api-key", "");
    row("bearer in x-api-key", "x-api-key", "Bearer KEY");
    row("capital letters", "x-api-key", "UPPER");
    row("a cookie", "Cookie", "key=KEY");
    row("another field", "api-key", "KEY");
    row("proxy", "Proxy-Authorization", "Bearer KEY");
}

void TestAuthorisation::otherFormsAreNoKey()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    value.replace("KEY", m_api->adminKey).replace("UPPER", m_api->adminKey.toUpper());
    const auto call = m_api->call({.target = "/v1/models", .fields = {{name, value}}});
    QCOMPARE(call->status(), 401);
    QCOMPARE(call->errorCode(), QStringLiteral("invalid_api_key"));
    QVERIFY(!call->body().contains(m_api->adminKey));
}

void TestAuthorisation::twoDifferentKeysAreRefused_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::newRow("bearer and x-api-key") << QByteArray("authorization") << QByteArray("x-api-key");
    QTest::newRow("x-api-key and bearer") << QByteArray("x-api-key") << QByteArray("authorization");
    QTest::newRow("two bearers") << QByteArray("authorization") << QByteArray("authorization");
    QTest::newRow("two x-api-keys") << QByteArray("x-api-key") << QByteArray("x-api-key");
}

void TestAuthorisation::twoDifferentKeysAreRefused()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    const auto value = [](const QByteArray &name, const QByteArray &key) {
        return name == "authorization" ? "Bearer " + key : key;
    };
    const auto ask = [&](const QByteArray &one, const QByteArray &other) {
        return m_api
            ->call({.target = "/v1/models", .fields = {{first, value(first, one)}, {second, value(second, other)}}})
            ->status();
    };
    QCOMPARE(ask(m_api->inferKey, m_api->adminKey), 401);
    QCOMPARE(ask(m_api->adminKey, "hk_unknown"), 401);
    QCOMPARE(ask(m_api->inferKey, m_api->inferKey), 200);
}

void TestAuthorisation::keyInTheQueryIsNone_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"key", "api_key", "apiKey", "x-api-key", "access_token", "authorization"})
        QTest::newRow(name) << QByteArray(name);
}

void TestAuthorisation::keyInTheQueryIsNone()
{
    QFETCH(QByteArray, name);
    for (const Route &route : routes) {
        const auto call = ask(route, {}, "?" + name + "=" + m_api->adminKey);
        QCOMPARE(call->status(), route.scope ? 401 : 200);
        QVERIFY(!call->body().contains(m_api->adminKey));
    }
}

void TestAuthorisation::keyExpiresWithTheClock()
{
    const QByteArray key =
        m_api->makeKey({Scope::Infer}, [this](domain::ApiKey &row) { row.expiresAt = m_api->clock.wallNow() + 1s; });
    const auto ask = [&] { return m_api->call({.target = "/v1/models", .fields = bearer(key)})->status(); };
    m_api->clock.advance(999ms);
    QCOMPARE(ask(), 200);
    m_api->clock.advance(1ms);
    QCOMPARE(ask(), 401);
}

QTEST_GUILESS_MAIN(TestAuthorisation)
#include "tst_authorisation.moc"
