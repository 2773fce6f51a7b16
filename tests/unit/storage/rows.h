// Rows for the storage tests: valid ones to start from, and one with every field set to something telling.

#pragma once

#include "agent.h"
#include "apikey.h"
#include "chatmessage.h"
#include "llm.h"
#include "providersession.h"

#include <QCryptographicHash>

namespace hearth::testsupport {

inline WallTime moment(int seconds)
{
    return WallTime(std::chrono::seconds(1'700'000'000 + seconds) + Duration(7));
}

/// Text that goes wrong wherever somebody builds SQL from strings, or counts bytes for characters.
inline QString awkward()
{
    return QString::fromUtf8("O'Neil \"\\' ; -- :name $1 %s \xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\xA5\n\tend");
}

inline domain::ProviderSession makeSession(const QString &id, quint64 epoch = 1)
{
    return {.id = ProviderSessionId(id),
            .owner = QStringLiteral("owner"),
            .publisher = QStringLiteral("gpu-box"),
            .publisherVersion = QStringLiteral("0.1.0"),
            .epoch = epoch,
            .createdAt = moment(0),
            .lastHeartbeatAt = moment(1)};
}

inline domain::Llm makeLlm(const QString &name)
{
    domain::Llm llm;
    llm.id = LlmId::create();
    llm.name = name;
    llm.createdAt = moment(0);
    llm.updatedAt = moment(0);
    return llm;
}

inline domain::Llm makeFullLlm(const QString &name, const ProviderSessionId &session)
{
    domain::Llm llm = makeLlm(name);
    llm.kind = domain::LlmKind::Virtual;
    llm.status = domain::LlmStatus::Hibernating;
    llm.statusReason.reset();
    llm.owner = awkward();
    llm.providerSessionId = session;
    llm.type = QStringLiteral("anthropic");
    llm.model = awkward();
    llm.pool = awkward();
    llm.streamUsage = false;
    llm.url = QStringLiteral("https://api.example/") + awkward();
    llm.sealedApiKey = QByteArray("\0sealed\xff\x80 key", 13);
    llm.tier = QStringLiteral("heavy");
    llm.description = awkward();
    llm.extraConfig = {{QStringLiteral("text"), awkward()},
                       {QStringLiteral("nul"), QString(QChar(u'\0'))},
                       {QStringLiteral("nested"), QJsonObject{{QStringLiteral("number"), 1.5}}}};
    llm.maxConcurrency = 17;
    llm.wake = domain::WakeInfo{.kind = domain::WakeKind::Command,
                                .recipeTimeout = std::chrono::seconds(31),
                                .maxWait = std::chrono::seconds(121)};
    llm.updatedAt = moment(2);
    llm.lastHeartbeatAt = moment(3);
    llm.inactiveSince = moment(4);
    llm.version = 5;
    return llm;
}

inline domain::Agent makeAgent(const QString &name, const domain::Destination &pin)
{
    domain::Agent agent;
    agent.id = AgentId::create();
    agent.name = name;
    agent.pinnedTo = pin;
    agent.createdAt = moment(0);
    agent.updatedAt = moment(0);
    return agent;
}

inline domain::ChatThread makeThread(const QString &id, int updated = 0)
{
    domain::ChatThread thread;
    thread.id = domain::ThreadId(id);
    thread.owner = QStringLiteral("alice");
    thread.agentId = AgentId(QStringLiteral("agent-id"));
    thread.agentName = QStringLiteral("coder");
    thread.agentOwner = QStringLiteral("bob");
    thread.title = awkward();
    thread.createdAt = moment(0);
    thread.updatedAt = moment(updated);
    return thread;
}

/// Of the thread `t`.
inline domain::ChatMessage makeMessage(int turn, int position, domain::MessageRole role = domain::MessageRole::User)
{
    domain::ChatMessage message;
    message.thread = domain::ThreadId(QStringLiteral("t"));
    message.turn = turn;
    message.position = position;
    message.role = role;
    message.content = QStringLiteral("%1.%2").arg(turn).arg(position);
    message.createdAt = moment(turn);
    message.finishedAt = moment(turn);
    return message;
}

/// An answer that has only begun.
inline domain::ChatMessage makePending(int turn, int position)
{
    domain::ChatMessage message = makeMessage(turn, position, domain::MessageRole::Assistant);
    message.content.clear();
    message.status = domain::MessageStatus::Pending;
    message.finishedAt.reset();
    return message;
}

inline domain::ApiKey makeKey(const QString &name)
{
    return {.id = ApiKeyId::create(),
            .name = name,
            .owner = name,
            .hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256),
            .prefix = QStringLiteral("hk_") + name.left(4),
            .scopes = {domain::Scope::Infer},
            .models = {},
            .createdAt = moment(0),
            .expiresAt = {},
            .revokedAt = {}};
}

} // namespace hearth::testsupport
