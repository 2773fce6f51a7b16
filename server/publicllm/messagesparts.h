// What whole answers and event streams of the Messages API have in common: usage, stop reasons and errors, in the terms
// of OpenAI's chat completions.
//
// Used by MessagesToChat and MessagesStream. Plain values and pure functions.

#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QLatin1String>

#include <optional>

namespace hearth::json {
class JsonWriter;
}

namespace hearth::publicllm {

/// Tokens, as the Messages API counts them: what was read from the cache or written to it is not among the input.
class MessagesUsage
{
public:
    /// Takes the counts that `usage` has, and keeps the others: a stream tells them bit by bit.
    void update(const QJsonObject &usage);
    /// The object `usage` of a chat completion, whose prompt includes the cached tokens.
    void write(json::JsonWriter &writer) const;

private:
    qint64 m_input = 0;
    qint64 m_cacheWritten = 0;
    qint64 m_cacheRead = 0;
    qint64 m_output = 0;
};

/// `finish_reason` for a `stop_reason`; `stop` for one that is not known.
QLatin1String finishReason(const QString &stopReason);

/// An error that the backend itself tells.
struct MessagesError
{
    /// For example `overloaded_error`.
    QString type;
    QString message;

    /// Of an error body or event: `{"type":"error","error":{…}}`; nothing for anything else.
    static std::optional<MessagesError> read(const QJsonObject &object);
    /// The HTTP status that goes with the type, where only the type is known.
    int status() const;
    /// As the body of an answer in OpenAI's shape.
    QByteArray toChat() const;
};

} // namespace hearth::publicllm
