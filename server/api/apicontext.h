// ApiContext: what the controllers work with. Everything in it outlives them; a plain value on the main thread.

#pragma once

#include "addressguard.h"
#include "chatservice.h"
#include "keyring.h"
#include "metrics.h"
#include "registry.h"
#include "relay.h"
#include "secretbox.h"
#include "serialqueue.h"
#include "storage.h"
#include "usageledger.h"

#include <functional>
#include <memory>

class QTcpSocket;
class QThreadPool;

namespace hearth::api {

struct ApiSettings
{
    /// Bodies longer than this are scanned off the main thread, in bytes.
    qsizetype scanInlineLimit = 256 * 1024;
    /// How long a streaming client waits in silence for an Llm that is being woken; then it gets a head and comments.
    Duration wakeGrace = std::chrono::seconds(2);
    /// Between two such comments.
    Duration wakeComment = std::chrono::seconds(5);
    /// How long a client that does not stream waits at most; then it is told when to come back.
    Duration wakeMaxHold = std::chrono::seconds(240);
    /// Whether Llms of different owners may serve one pool.
    bool poolsAcrossOwners = true;
};

struct ApiContext
{
    domain::Registry &registry;
    const domain::KeyRing &keys;
    relay::Relay &relay;
    chat::ChatService &chat;
    /// Seals the API keys of public Llms.
    const publicllm::SecretBox &secrets;
    /// Where public Llms may be.
    const publicllm::AddressGuard &addresses;
    const metrics::Metrics &metrics;
    usage::UsageLedger &usage;
    storage::Storage &storage;
    SerialQueue &changes;
    Clock &clock;
    /// Where large bodies are scanned.
    QThreadPool &scanners;
    ApiSettings settings;
    /// Takes over a connection that asks for the control channel, with its request head still unread.
    std::function<void(std::unique_ptr<QTcpSocket>, const domain::Principal &)> acceptChannel;
};

} // namespace hearth::api
