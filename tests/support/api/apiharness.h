// ApiHarness: the api of a whole server without sockets: routes, keys, storage on SQLite, registry, relay and control.
//
// Requests are ApiCalls, publishers are FakePublishers. For the thread of the test; calls must go before the harness.

#pragma once

#include "apicall.h"
#include "apirouter.h"
#include "controlharness.h"

#include <QTemporaryDir>
#include <QThreadPool>

namespace hearth::testsupport {

struct ApiHarnessSettings
{
    api::ApiSettings api = {};
    relay::RelaySettings relay = {};
    chat::ChatSettings chat = {};
    /// Whether the api finds no database; keys, registry and publishers are there all the same.
    bool databaseIsAway = false;
};

/// An `infer` task as a publisher has got it, with its whole body.
struct ReceivedInfer
{
    channel::Infer message;
    QByteArray body;
};

class ApiHarness
{
public:
    explicit ApiHarness(const ApiHarnessSettings &settings = {});
    ~ApiHarness();

    /// A new key of alice's in clear. What a test changes of the row it changes in `change`.
    QByteArray makeKey(const QList<domain::Scope> &scopes, const std::function<void(domain::ApiKey &)> &change = {});

    std::unique_ptr<ApiCall> call(const ApiRequest &request, bool reads = true);
    std::unique_ptr<ApiCall> get(const QByteArray &target);
    std::unique_ptr<ApiCall> remove(const QByteArray &target);
    /// With an administrator's key, as JSON; waits for the end of the answer.
    std::unique_ptr<ApiCall> administer(http::Method method, const QByteArray &target, const QByteArray &body,
                                        HttpFields fields = {});
    /// With the key of an ordinary client, as JSON.
    std::unique_ptr<ApiCall> post(const QByteArray &target, const QByteArray &body, const HttpFields &fields = {},
                                  bool reads = true);
    /// A chat completion of `model`.
    std::unique_ptr<ApiCall> chat(const QByteArray &model, bool reads = true);

    /// Waits for the next task at `publisher` and its body, for which it grants credit; nothing when it does not come.
    std::optional<ReceivedInfer> nextInfer(FakePublisher &publisher) const;
    /// Begins to answer the next task as a backend with this content type would; the task.
    TaskId beginAnswer(FakePublisher &publisher, const QByteArray &contentType, QByteArrayView body, int status = 200);

    DatabaseFixture fixture;
    FakeClock clock;
    ControlHarness server;
    QThreadPool scanners;
    /// Whose upgraded connections have been handed over.
    QStringList channelOwners;

private:
    storage::Storage m_away;

public:
    metrics::Metrics metrics;
    usage::UsageLedger usage;
    chat::ChatService chats;
    QTemporaryDir secretDirectory;
    publicllm::SecretBox secrets;
    publicllm::AddressGuard addresses{QStringLiteral("127.0.0.1")};
    api::ApiRouter router;
    /// Keys with these scopes, in clear.
    const QByteArray inferKey = makeKey({domain::Scope::Infer});
    const QByteArray publishKey = makeKey({domain::Scope::Publish});
    const QByteArray adminKey = makeKey({domain::Scope::Admin});
};

/// The fields of a request with a key and a JSON body of `size` bytes.
HttpFields bearer(const QByteArray &key);
HttpFields jsonFields(const QByteArray &key, qsizetype size);

} // namespace hearth::testsupport
