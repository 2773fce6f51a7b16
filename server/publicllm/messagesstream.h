// MessagesStream: the event stream of Anthropic's /messages as the one of OpenAI's /chat/completions.
//
// TranslatedAnswer feeds it what comes from the backend, in pieces of any size, and passes on what it returns. Text and
// the arguments of tool calls go out as they come; pings and thinking become comments, so that whoever waits sees life.
// A plain value; it has no time and no I/O.

#pragma once

#include "eventstreamreader.h"
#include "messagesparts.h"
#include "result.h"

#include <QHash>

namespace hearth::publicllm {

class MessagesStream
{
public:
    struct Settings
    {
        /// Seconds since 1970.
        qint64 created = 0;
        bool includeUsage = false;
        /// Of one event, in bytes.
        qsizetype maxEvent = 1024 * 1024;
    };

    explicit MessagesStream(Settings settings)
        : m_settings(settings)
        , m_reader(settings.maxEvent)
    {}

    /// The chunks for the events that `piece` completes. After a failure or the end of the message there are none.
    QByteArray feed(QByteArrayView piece);

    /// The message has come to its end, and the stream was told so with `[DONE]`.
    bool isComplete() const { return m_isComplete; }

    /// Why there will be no more, if so: BackendError.
    const std::optional<Error> &failure() const { return m_failure; }

    /// The error that the backend has told, if that is the failure.
    const std::optional<MessagesError> &toldError() const { return m_toldError; }

private:
    /// A tool use that becomes a tool call.
    struct ToolCall
    {
        int index = 0;
        bool hasArguments = false;
    };

    /// Returns whether more is to come.
    bool handle(const QByteArray &data);
    void start(const QJsonObject &message);
    void startBlock(qint64 index, const QJsonObject &block);
    void appendToBlock(qint64 index, const QJsonObject &delta);
    void endBlock(qint64 index);
    void end();

    /// One chunk; `delta` writes the members of its delta.
    void writeChunk(const std::function<void(json::JsonWriter &)> &delta, const QString &stopReason = {});
    void writeText(const QString &text);
    void writeArguments(ToolCall &call, const QString &arguments);
    void openChunk(json::JsonWriter &writer) const;
    void writeUsageChunk();

    Settings m_settings;
    EventStreamReader m_reader;
    QByteArray m_output;
    QString m_id;
    QString m_model;
    MessagesUsage m_usage;
    /// By the index of their block.
    QHash<qint64, ToolCall> m_toolCalls;
    int m_toolCallCount = 0;
    bool m_isComplete = false;
    std::optional<Error> m_failure;
    std::optional<MessagesError> m_toldError;
};

} // namespace hearth::publicllm
