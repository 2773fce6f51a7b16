// ChatAnswer: a backend's answer to a chat completion, put together from its bytes as they come.
//
// ChatTurn feeds it and passes the new text on. It reads event streams, and the whole JSON with which a backend answers
// that cannot stream; what is wrong with either, and what a backend says against the request, comes out as an error.
// Only the first choice counts. What it makes of the bytes does not depend on how they were cut. A plain value.

#pragma once

#include "chatmessage.h"
#include "eventstreamreader.h"
#include "httpfields.h"

namespace hearth::chat {

class ChatAnswer
{
public:
    /// `maxSize` bounds text and tool calls together, in bytes.
    explicit ChatAnswer(qint64 maxSize)
        : m_maxSize(maxSize)
        , m_events(maxSize)
    {}

    /// To be called first.
    void begin(int status, const HttpFields &fields);
    /// BackendError ends the answer: nothing that follows counts.
    Result<void> append(QByteArrayView piece);
    /// To be called last; BackendError when the answer is not complete, too.
    Result<void> end();

    /// The text that has come since the last call. Half a surrogate pair waits for its other half until the end.
    QString takeNewText();

    /// The backend has said that there is no more: whatever follows takes nothing from the answer.
    bool isDone() const { return m_isDone; }

    // What has come so far, also after an error.

    const QString &text() const { return m_text; }

    const std::optional<QJsonObject> &usage() const { return m_usage; }

    const QString &finishReason() const { return m_finishReason; }

    /// Each with an id of its own, be it one that the backend has not given.
    QList<domain::ToolCall> toolCalls() const;

private:
    enum class Form {
        Events,
        WholeJson,
        /// The backend's words against the request.
        Refusal,
    };

    struct CallInProgress
    {
        std::optional<int> index;
        domain::ToolCall call;
    };

    Result<void> readEvents(QByteArrayView piece);
    Result<void> readEvent(const QByteArray &data);
    Result<void> readChunk(const QJsonObject &chunk);
    Result<void> readWholeJson();
    Error refusal() const;
    /// A message, or the part of one that a chunk brings.
    Result<void> readMessage(const QJsonObject &message);
    Result<void> readCall(const QJsonObject &part);
    Result<void> grow(const QString &text);
    Error tooLong() const;
    CallInProgress *callFor(const std::optional<int> &index, const QString &id);

    qint64 m_maxSize;
    Form m_form = Form::Events;
    int m_status = 0;
    EventStreamReader m_events;
    /// The answer, or its beginning, where it is no event stream.
    QByteArray m_body;
    qint64 m_size = 0;
    QString m_text;
    /// How much of the text has been taken.
    qsizetype m_taken = 0;
    bool m_hasEnded = false;
    QList<CallInProgress> m_calls;
    std::optional<QJsonObject> m_usage;
    QString m_finishReason;
    bool m_isDone = false;
};

} // namespace hearth::chat
