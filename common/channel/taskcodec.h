// How the messages of taskmessages.h are spelled. For codec.cpp only.

#pragma once

#include "codecparts.h"
#include "taskmessages.h"

#include <algorithm>

namespace hearth::channel {

inline constexpr std::array wakePhases{
    Spelling<WakePhase>{WakePhase::Recipe, QLatin1String("recipe")},
    Spelling<WakePhase>{WakePhase::Polling, QLatin1String("polling")},
};

inline void readTask(JsonReader &reader, TaskId &task)
{
    quint64 number = 0;
    reader.read("task", number);
    task = TaskId{number};
}

inline void writeTask(JsonWriter &writer, TaskId task)
{
    writer.field(QLatin1String("task"), static_cast<quint64>(task));
}

/// Whatever comes over the channel goes into an HTTP message next.
inline bool isHeaderField(const HttpField &field)
{
    return isToken(field.name) && isFieldValue(field.value);
}

/// Leaves out what the other end would refuse: a backend's bad field must not cost the channel.
inline void writeHeaders(JsonWriter &writer, const HttpFields &fields)
{
    writer.key(QLatin1String("headers")).beginArray();
    for (const HttpField &field : fields) {
        if (isHeaderField(field))
            writer.beginArray().value(QLatin1String(field.name)).value(QLatin1String(field.value)).endArray();
    }
    writer.endArray();
}

inline void readHeaders(JsonReader &reader, HttpFields &fields)
{
    reader.read("headers", fields);
    if (!std::all_of(fields.begin(), fields.end(), isHeaderField))
        reader.fail("headers", "has a field that HTTP does not allow");
}

template <>
struct Codec<Infer>
{
    static constexpr QLatin1String name{"infer"};

    static void write(JsonWriter &writer, const Infer &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("llm"), m.llm)
            .field(QLatin1String("path"), m.path)
            .field(QLatin1String("query"), m.query)
            .field(QLatin1String("size"), m.size)
            .field(QLatin1String("attempt"), m.attempt);
        writeHeaders(writer, m.headers);
    }

    static void read(JsonReader &reader, Infer &m)
    {
        readTask(reader, m.task);
        reader.read("llm", m.llm);
        reader.read("path", m.path);
        reader.read("query", m.query);
        reader.read("size", m.size, qint64{0});
        reader.read("attempt", m.attempt, 1);
        readHeaders(reader, m.headers);
    }
};

template <>
struct Codec<Wake>
{
    static constexpr QLatin1String name{"wake"};

    static void write(JsonWriter &writer, const Wake &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("llm"), m.llm);
    }

    static void read(JsonReader &reader, Wake &m)
    {
        readTask(reader, m.task);
        reader.read("llm", m.llm);
    }
};

/// The messages that consist of their task alone.
template <typename M>
struct TaskOnlyCodec
{
    static void write(JsonWriter &writer, const M &m) { writeTask(writer, m.task); }

    static void read(JsonReader &reader, M &m) { readTask(reader, m.task); }
};

template <>
struct Codec<Cancel> : TaskOnlyCodec<Cancel>
{
    static constexpr QLatin1String name{"cancel"};
};

template <>
struct Codec<ResponseEnd> : TaskOnlyCodec<ResponseEnd>
{
    static constexpr QLatin1String name{"responseEnd"};
};

template <>
struct Codec<Cancelled> : TaskOnlyCodec<Cancelled>
{
    static constexpr QLatin1String name{"cancelled"};
};

template <>
struct Codec<Window>
{
    static constexpr QLatin1String name{"window"};

    static void write(JsonWriter &writer, const Window &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("bytes"), m.bytes);
    }

    static void read(JsonReader &reader, Window &m)
    {
        readTask(reader, m.task);
        reader.read("bytes", m.bytes, qint64{1});
    }
};

template <>
struct Codec<WakeProgress>
{
    static constexpr QLatin1String name{"wakeProgress"};

    static void write(JsonWriter &writer, const WakeProgress &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("phase"), spell(wakePhases, m.phase))
            .field(QLatin1String("elapsedSeconds"), m.elapsedSeconds)
            .field(QLatin1String("limitSeconds"), m.limitSeconds);
    }

    static void read(JsonReader &reader, WakeProgress &m)
    {
        readTask(reader, m.task);
        readEnum(reader, "phase", wakePhases, m.phase);
        reader.read("elapsedSeconds", m.elapsedSeconds, 0);
        reader.read("limitSeconds", m.limitSeconds, 0);
    }
};

template <>
struct Codec<WakeResult>
{
    static constexpr QLatin1String name{"wakeResult"};

    static void write(JsonWriter &writer, const WakeResult &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("ok"), m.ok)
            .field(QLatin1String("durationMs"), m.durationMs)
            .field(QLatin1String("code"), m.code)
            .field(QLatin1String("message"), m.message);
    }

    static void read(JsonReader &reader, WakeResult &m)
    {
        readTask(reader, m.task);
        reader.read("ok", m.ok);
        reader.read("durationMs", m.durationMs, qint64{0});
        reader.read("code", m.code);
        reader.read("message", m.message);
    }
};

template <>
struct Codec<ResponseHead>
{
    static constexpr QLatin1String name{"responseHead"};

    static void write(JsonWriter &writer, const ResponseHead &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("status"), m.status);
        writeHeaders(writer, m.headers);
    }

    static void read(JsonReader &reader, ResponseHead &m)
    {
        readTask(reader, m.task);
        reader.read("status", m.status, 200, 599);
        readHeaders(reader, m.headers);
    }
};

template <>
struct Codec<TaskError>
{
    static constexpr QLatin1String name{"taskError"};

    static void write(JsonWriter &writer, const TaskError &m)
    {
        writeTask(writer, m.task);
        writer.field(QLatin1String("code"), m.code).field(QLatin1String("message"), m.message);
    }

    static void read(JsonReader &reader, TaskError &m)
    {
        readTask(reader, m.task);
        reader.read("code", m.code);
        reader.read("message", m.message);
    }
};

} // namespace hearth::channel
