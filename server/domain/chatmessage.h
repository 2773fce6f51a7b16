// ChatMessage: one message of a chat thread.
//
// A turn is what follows from one message of the user: that message, the agent's answer and, where an answer asks for
// tools, their results and the next answer. Written by the chat room, stored by MessageTable, listed by the api. A
// plain value.

#pragma once

#include "chatthread.h"
#include "result.h"

#include <QJsonObject>
#include <QList>

namespace hearth::domain {

enum class MessageRole {
    User,
    Assistant,
    /// The result of a tool call.
    Tool,
};

/// Legal moves: Pending → Complete or Error. Only answers are ever pending.
enum class MessageStatus { Pending, Complete, Error };

/// A tool that an answer asks for.
struct ToolCall
{
    /// Unique in its message.
    QString id;
    QString name;
    /// As the model wrote them: JSON, if all is well.
    QString arguments;

    friend bool operator==(const ToolCall &, const ToolCall &) = default;
};

struct ChatMessage
{
    ThreadId thread;
    /// From 0, in the order of the conversation.
    int turn = 0;
    /// In the turn, from 0.
    int position = 0;
    MessageRole role = MessageRole::User;
    QString content;
    QList<ToolCall> toolCalls;
    /// The call that a Tool message answers; empty for others.
    QString toolCallId;
    MessageStatus status = MessageStatus::Complete;
    /// Present exactly while the status is Error. Only code and message are stored.
    std::optional<Error> error;
    /// Why the model stopped, in the backend's words (`stop`, `length`, …); empty where it did not say.
    QString finishReason;
    /// As the backend counted.
    std::optional<QJsonObject> usage;
    WallTime createdAt{};
    /// Absent exactly while the status is Pending.
    std::optional<WallTime> finishedAt;

    friend bool operator==(const ChatMessage &, const ChatMessage &) = default;
};

/// The spellings of JSON and rows; parsing returns nothing for an unknown spelling.
QLatin1String toString(MessageRole role);
QLatin1String toString(MessageStatus status);
std::optional<MessageRole> messageRoleFromString(QStringView text);
std::optional<MessageStatus> messageStatusFromString(QStringView text);

} // namespace hearth::domain
