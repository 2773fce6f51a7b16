#include "apiharness.h"

#include "keyhash.h"

#include <QTcpSocket>

namespace hearth::testsupport {

ApiHarness::ApiHarness(const ApiHarnessSettings &settings)
    : fixture(storage::Engine::Sqlite)
    , server(clock, fixture.url())
    , m_away({.url = fixture.url()})
    , metrics(clock, {}, QStringLiteral("1.2.3"))
    , usage(settings.databaseIsAway ? m_away : server.storage, clock, {})
    , chats({server.relay, settings.databaseIsAway ? m_away : server.storage, clock}, settings.chat)
    , router({server.registry, server.keys, server.relay, chats, secrets, addresses, metrics, usage,
              settings.databaseIsAway ? m_away : server.storage, server.changes, clock, scanners, settings.api,
              [this](std::unique_ptr<QTcpSocket>, const domain::Principal &principal) {
                  channelOwners.append(principal.owner());
              }})
{
    server.relay.setSettings(settings.relay);
    if (const Result<void> loaded = secrets.load(secretDirectory.filePath(QStringLiteral("secret.key"))); !loaded)
        qFatal("%s", qPrintable(loaded.error().message));
    addresses.setOwnPort(4327);
    server.relay.addObserver(metrics);
    server.relay.addObserver(usage);
}

ApiHarness::~ApiHarness()
{
    // The server outlives them.
    server.relay.removeObserver(metrics);
    server.relay.removeObserver(usage);
}

QByteArray ApiHarness::makeKey(const QList<domain::Scope> &scopes, const std::function<void(domain::ApiKey &)> &change)
{
    domain::ApiKey key;
    key.id = ApiKeyId::create();
    const QByteArray clear = "hk_" + key.id.toString().toLatin1();
    key.name = QString::fromLatin1(clear);
    key.owner = QStringLiteral("alice");
    key.hash = domain::keyHash(clear);
    key.scopes = scopes;
    if (change)
        change(key);
    server.setKey(key);
    return clear;
}

std::unique_ptr<ApiCall> ApiHarness::call(const ApiRequest &request, bool reads)
{
    return std::make_unique<ApiCall>(router, request, reads);
}

std::unique_ptr<ApiCall> ApiHarness::get(const QByteArray &target)
{
    return call({.target = target, .fields = bearer(inferKey)});
}

std::unique_ptr<ApiCall> ApiHarness::remove(const QByteArray &target)
{
    return call({.method = http::Method::Delete, .target = target, .fields = bearer(adminKey)});
}

std::unique_ptr<ApiCall> ApiHarness::administer(http::Method method, const QByteArray &target, const QByteArray &body,
                                                HttpFields fields)
{
    for (const HttpField &field : jsonFields(adminKey, body.size()))
        fields.append(field.name, field.value);
    auto answer = call({.method = method, .target = target, .fields = fields, .body = body});
    answer->waitForEnd();
    return answer;
}

std::unique_ptr<ApiCall> ApiHarness::post(const QByteArray &target, const QByteArray &body, const HttpFields &fields,
                                          bool reads)
{
    HttpFields all = jsonFields(inferKey, body.size());
    for (const HttpField &field : fields)
        all.append(field.name, field.value);
    return call({.method = http::Method::Post, .target = target, .fields = all, .body = body}, reads);
}

std::unique_ptr<ApiCall> ApiHarness::chat(const QByteArray &model, bool reads)
{
    return post("/v1/chat/completions", "{\"model\":\"" + model + "\"}", {}, reads);
}

std::optional<ReceivedInfer> ApiHarness::nextInfer(FakePublisher &publisher) const
{
    const auto message = publisher.next<channel::Infer>();
    if (!message)
        return std::nullopt;
    qint64 granted = 0;
    const auto hasAll = [&] {
        const qint64 received = publisher.body(message->task).size();
        if (received > granted && received < message->size)
            publisher.send(channel::Window{message->task, received - std::exchange(granted, received)});
        return received >= message->size;
    };
    if (!QTest::qWaitFor(hasAll, 5000))
        return std::nullopt;
    return ReceivedInfer{*message, publisher.body(message->task)};
}

TaskId ApiHarness::beginAnswer(FakePublisher &publisher, const QByteArray &contentType, QByteArrayView body, int status)
{
    const std::optional<ReceivedInfer> infer = nextInfer(publisher);
    if (!infer)
        qFatal("The publisher has got no task.");
    publisher.send(channel::ResponseHead{infer->message.task, status, {{"content-type", contentType}}});
    publisher.sendBody(infer->message.task, body);
    return infer->message.task;
}

HttpFields bearer(const QByteArray &key)
{
    return {{"Authorization", "Bearer " + key}};
}

HttpFields jsonFields(const QByteArray &key, qsizetype size)
{
    HttpFields fields = bearer(key);
    fields.append("Content-Type", "application/json");
    fields.append("Content-Length", QByteArray::number(size));
    return fields;
}

} // namespace hearth::testsupport
