// How the messages of sessionmessages.h are spelled. For codec.cpp only.

#pragma once

#include "codecparts.h"
#include "sessionmessages.h"

namespace hearth::channel {

inline constexpr std::array reportedStates{
    Spelling<ReportedState>{ReportedState::Active, QLatin1String("active")},
    Spelling<ReportedState>{ReportedState::Hibernating, QLatin1String("hibernating")},
    Spelling<ReportedState>{ReportedState::Inactive, QLatin1String("inactive")},
    Spelling<ReportedState>{ReportedState::Paused, QLatin1String("paused")},
    Spelling<ReportedState>{ReportedState::Draining, QLatin1String("draining")},
};
inline constexpr std::array recipeKinds{
    Spelling<RecipeKind>{RecipeKind::Http, QLatin1String("http")},
    Spelling<RecipeKind>{RecipeKind::Command, QLatin1String("command")},
};
inline constexpr std::array entryStatuses{
    Spelling<EntryStatus>{EntryStatus::Accepted, QLatin1String("accepted")},
    Spelling<EntryStatus>{EntryStatus::Conflict, QLatin1String("conflict")},
    Spelling<EntryStatus>{EntryStatus::Invalid, QLatin1String("invalid")},
};

template <>
struct Codec<Hello>
{
    static constexpr QLatin1String name{"hello"};

    static void write(JsonWriter &writer, const Hello &m)
    {
        writer.field(QLatin1String("serverVersion"), m.serverVersion)
            .field(QLatin1String("heartbeatSeconds"), m.heartbeatSeconds);
    }

    static void read(JsonReader &reader, Hello &m)
    {
        reader.read("serverVersion", m.serverVersion);
        reader.read("heartbeatSeconds", m.heartbeatSeconds, 1);
    }
};

inline void writeEntry(JsonWriter &writer, const LlmEntry &entry)
{
    writer.beginObject().field(QLatin1String("name"), entry.name);
    writeOptional(writer, QLatin1String("type"), entry.type);
    writeOptional(writer, QLatin1String("model"), entry.model);
    writeOptional(writer, QLatin1String("pool"), entry.pool);
    writeOptional(writer, QLatin1String("streamUsage"), entry.streamUsage);
    writeOptional(writer, QLatin1String("tier"), entry.tier);
    writeOptional(writer, QLatin1String("description"), entry.description);
    writeOptional(writer, QLatin1String("extraConfig"), entry.extraConfig);
    writeOptional(writer, QLatin1String("maxConcurrency"), entry.maxConcurrency);
    writer.field(QLatin1String("initialStatus"), spell(reportedStates, entry.initialStatus));
    if (entry.wake) {
        writer.key(QLatin1String("wake"))
            .beginObject()
            .field(QLatin1String("kind"), spell(recipeKinds, entry.wake->kind))
            .field(QLatin1String("recipeTimeoutSeconds"), entry.wake->recipeTimeoutSeconds)
            .field(QLatin1String("maxWaitSeconds"), entry.wake->maxWaitSeconds)
            .endObject();
    }
    writer.endObject();
}

inline void readEntry(JsonReader &reader, LlmEntry &entry)
{
    reader.read("name", entry.name);
    reader.read("type", entry.type);
    reader.read("model", entry.model);
    reader.read("pool", entry.pool);
    reader.read("streamUsage", entry.streamUsage);
    reader.read("tier", entry.tier);
    reader.read("description", entry.description);
    reader.read("extraConfig", entry.extraConfig);
    reader.read("maxConcurrency", entry.maxConcurrency);
    readOptionalEnum(reader, "initialStatus", reportedStates, entry.initialStatus);
    RecipeInfo recipe;
    const bool hasRecipe = reader.readObject("wake", [&recipe](JsonReader &inner) {
        readEnum(inner, "kind", recipeKinds, recipe.kind);
        inner.read("recipeTimeoutSeconds", recipe.recipeTimeoutSeconds, 0);
        inner.read("maxWaitSeconds", recipe.maxWaitSeconds, 0);
    });
    if (hasRecipe)
        entry.wake = recipe;
}

inline void writeEntry(JsonWriter &writer, const AgentEntry &entry)
{
    writer.beginObject().field(QLatin1String("name"), entry.name);
    if (!entry.llm.isEmpty())
        writer.field(QLatin1String("llm"), entry.llm);
    if (!entry.pool.isEmpty())
        writer.field(QLatin1String("pool"), entry.pool);
    writeOptional(writer, QLatin1String("description"), entry.description);
    writeOptional(writer, QLatin1String("systemPrompt"), entry.systemPrompt);
    writeOptional(writer, QLatin1String("defaultParams"), entry.defaultParams);
    writeOptional(writer, QLatin1String("extras"), entry.extras);
    writeOptional(writer, QLatin1String("project"), entry.project);
    writer.endObject();
}

inline void readEntry(JsonReader &reader, AgentEntry &entry)
{
    reader.read("name", entry.name);
    std::optional<QString> llm;
    std::optional<QString> pool;
    reader.read("llm", llm);
    reader.read("pool", pool);
    entry.llm = llm.value_or(QString());
    entry.pool = pool.value_or(QString());
    reader.read("description", entry.description);
    reader.read("systemPrompt", entry.systemPrompt);
    reader.read("defaultParams", entry.defaultParams);
    reader.read("extras", entry.extras);
    reader.read("project", entry.project);
}

inline void writeOutcomes(JsonWriter &writer, QLatin1String name, const QList<EntryOutcome> &outcomes)
{
    writer.key(name).beginArray();
    for (const EntryOutcome &outcome : outcomes) {
        writer.beginObject()
            .field(QLatin1String("name"), outcome.name)
            .field(QLatin1String("status"), spell(entryStatuses, outcome.status))
            .field(QLatin1String("message"), outcome.message)
            .endObject();
    }
    writer.endArray();
}

inline void readOutcomes(JsonReader &reader, const char *name, QList<EntryOutcome> &outcomes)
{
    reader.readList(name, [&outcomes](JsonReader &item) {
        EntryOutcome &outcome = outcomes.emplaceBack();
        item.read("name", outcome.name);
        readEnum(item, "status", entryStatuses, outcome.status);
        item.read("message", outcome.message);
    });
}

template <>
struct Codec<Register>
{
    static constexpr QLatin1String name{"register"};

    static void write(JsonWriter &writer, const Register &m)
    {
        writer.field(QLatin1String("publisher"), m.publisher).field(QLatin1String("version"), m.version);
        if (!m.providerSessionId.isEmpty())
            writer.field(QLatin1String("providerSessionId"), m.providerSessionId.toString());
        writer.key(QLatin1String("llms")).beginArray();
        for (const LlmEntry &entry : m.llms)
            writeEntry(writer, entry);
        writer.endArray().key(QLatin1String("agents")).beginArray();
        for (const AgentEntry &entry : m.agents)
            writeEntry(writer, entry);
        writer.endArray();
    }

    static void read(JsonReader &reader, Register &m)
    {
        reader.read("publisher", m.publisher);
        reader.read("version", m.version);
        std::optional<QString> session;
        reader.read("providerSessionId", session);
        m.providerSessionId = ProviderSessionId(session.value_or(QString()));
        reader.readList("llms", [&m](JsonReader &item) { readEntry(item, m.llms.emplaceBack()); });
        reader.readList("agents", [&m](JsonReader &item) { readEntry(item, m.agents.emplaceBack()); });
    }
};

template <>
struct Codec<Registered>
{
    static constexpr QLatin1String name{"registered"};

    static void write(JsonWriter &writer, const Registered &m)
    {
        writer.field(QLatin1String("providerSessionId"), m.providerSessionId.toString())
            .field(QLatin1String("epoch"), m.epoch);
        writeOutcomes(writer, QLatin1String("llms"), m.llms);
        writeOutcomes(writer, QLatin1String("agents"), m.agents);
    }

    static void read(JsonReader &reader, Registered &m)
    {
        QString session;
        reader.read("providerSessionId", session);
        m.providerSessionId = ProviderSessionId(session);
        reader.read("epoch", m.epoch);
        readOutcomes(reader, "llms", m.llms);
        readOutcomes(reader, "agents", m.agents);
    }
};

template <>
struct Codec<Heartbeat>
{
    static constexpr QLatin1String name{"heartbeat"};

    static void write(JsonWriter &writer, const Heartbeat &m)
    {
        writer.key(QLatin1String("llms")).beginArray();
        for (const LlmReport &report : m.llms) {
            writer.beginObject()
                .field(QLatin1String("name"), report.name)
                .field(QLatin1String("state"), spell(reportedStates, report.state))
                .field(QLatin1String("running"), report.running)
                .endObject();
        }
        writer.endArray();
    }

    static void read(JsonReader &reader, Heartbeat &m)
    {
        reader.readList("llms", [&m](JsonReader &item) {
            LlmReport &report = m.llms.emplaceBack();
            item.read("name", report.name);
            readEnum(item, "state", reportedStates, report.state);
            item.read("running", report.running, 0);
        });
    }
};

template <>
struct Codec<HeartbeatAck>
{
    static constexpr QLatin1String name{"heartbeatAck"};

    static void write(JsonWriter &, const HeartbeatAck &) {}

    static void read(JsonReader &, HeartbeatAck &) {}
};

template <>
struct Codec<Goodbye>
{
    static constexpr QLatin1String name{"goodbye"};

    static void write(JsonWriter &writer, const Goodbye &m) { writer.field(QLatin1String("reason"), m.reason); }

    static void read(JsonReader &reader, Goodbye &m) { reader.read("reason", m.reason); }
};

template <>
struct Codec<ErrorNotice>
{
    static constexpr QLatin1String name{"error"};

    static void write(JsonWriter &writer, const ErrorNotice &m)
    {
        writer.field(QLatin1String("code"), m.code).field(QLatin1String("message"), m.message);
    }

    static void read(JsonReader &reader, ErrorNotice &m)
    {
        reader.read("code", m.code);
        reader.read("message", m.message);
    }
};

} // namespace hearth::channel
