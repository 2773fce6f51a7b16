#include "chatanswer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QUuid>

#include <algorithm>

namespace hearth::chat {

using namespace Qt::StringLiterals;

namespace {

/// Enough for any error that a backend explains.
constexpr qsizetype maxRefusal = 64 * 1024;
/// More tools at once than any model means.
constexpr qsizetype maxCalls = 128;

Error backendError(const QString &message)
{
    return {ErrorCode::BackendError, message};
}

/// The words of an `error` member, which is an object or a text.
QString errorWords(const QJsonValue &error)
{
    return error.isString() ? error.toString() : error["message"_L1].toString();
}

/// Arguments are JSON as a text, but some backends send the JSON itself.
QString argumentsText(const QJsonValue &arguments)
{
    if (arguments.isObject())
        return QString::fromUtf8(QJsonDocument(arguments.toObject()).toJson(QJsonDocument::Compact));
    return arguments.toString();
}

} // namespace

void ChatAnswer::begin(int status, const HttpFields &fields)
{
    m_status = status;
    if (status < 200 || status >= 300)
        m_form = Form::Refusal;
    else if (!fields.value("content-type").toLower().startsWith("text/event-stream"))
        m_form = Form::WholeJson;
}

Result<void> ChatAnswer::append(QByteArrayView piece)
{
    switch (m_form) {
    case Form::Refusal:
        m_body.append(piece.first(std::min(piece.size(), maxRefusal - m_body.size())));
        return {};
    case Form::WholeJson:
        if (m_body.size() + piece.size() > m_maxSize)
            return tooLong();
        m_body.append(piece);
        return {};
    case Form::Events:
        break;
    }
    return readEvents(piece);
}

Result<void> ChatAnswer::readEvents(QByteArrayView piece)
{
    if (m_isDone)
        return {};
    Result<void> read;
    const bool isFed = m_events.feed(piece, [this, &read](const QByteArray &data) {
        read = readEvent(data);
        return read.ok();
    });
    return isFed || !read || m_isDone ? read : tooLong();
}

Result<void> ChatAnswer::end()
{
    m_hasEnded = true;
    Result<void> read;
    switch (m_form) {
    case Form::Refusal:
        return refusal();
    case Form::WholeJson:
        read = readWholeJson();
        break;
    case Form::Events:
        read = readEvents("\n\n");
        break;
    }
    if (read && !m_isDone && m_finishReason.isEmpty())
        return backendError(QStringLiteral("The backend ended its answer in the middle."));
    return read;
}

Result<void> ChatAnswer::readEvent(const QByteArray &data)
{
    if (m_isDone || data.trimmed().isEmpty())
        return {};
    if (data.trimmed() == "[DONE]") {
        m_isDone = true;
        return {};
    }
    const QJsonDocument document = QJsonDocument::fromJson(data);
    if (!document.isObject())
        return backendError(QStringLiteral("The backend sent an event that is no JSON object."));
    return readChunk(document.object());
}

Result<void> ChatAnswer::readChunk(const QJsonObject &chunk)
{
    if (const QJsonValue error = chunk["error"_L1]; error.isObject() || error.isString())
        return backendError(
            QStringLiteral("The backend failed in the middle of its answer: %1").arg(errorWords(error)));
    if (const QJsonValue usage = chunk["usage"_L1]; usage.isObject())
        m_usage = usage.toObject();
    const QJsonArray choices = chunk["choices"_L1].toArray();
    for (const QJsonValue choice : choices) {
        if (choice["index"_L1].toInt() != 0)
            continue;
        if (const QString reason = choice["finish_reason"_L1].toString(); !reason.isEmpty())
            m_finishReason = reason;
        const QJsonValue delta = choice["delta"_L1];
        const QJsonValue message = delta.isObject() ? delta : choice["message"_L1];
        if (const Result<void> read = readMessage(message.toObject()); !read)
            return read.error();
    }
    return {};
}

Result<void> ChatAnswer::readWholeJson()
{
    const QJsonDocument document = QJsonDocument::fromJson(m_body);
    if (!document["choices"_L1].isArray() && !document["error"_L1].isObject())
        return backendError(QStringLiteral("The backend did not answer with a chat completion."));
    const Result<void> read = readChunk(document.object());
    // The length of a whole answer is known: nothing can be missing.
    m_isDone = read.ok();
    return read;
}

Error ChatAnswer::refusal() const
{
    const QString words = errorWords(QJsonDocument::fromJson(m_body)["error"_L1]);
    return backendError(words.isEmpty()
                            ? QStringLiteral("The backend answered with status %1.").arg(m_status)
                            : QStringLiteral("The backend answered with status %1: %2").arg(m_status).arg(words));
}

Result<void> ChatAnswer::readMessage(const QJsonObject &message)
{
    const QString content = message["content"_L1].toString();
    if (const Result<void> grown = grow(content); !grown)
        return grown.error();
    m_text.append(content);
    const QJsonArray calls = message["tool_calls"_L1].toArray();
    for (const QJsonValue part : calls) {
        if (const Result<void> read = readCall(part.toObject()); !read)
            return read.error();
    }
    return {};
}

Result<void> ChatAnswer::readCall(const QJsonObject &part)
{
    const QJsonValue index = part["index"_L1];
    const QString id = part["id"_L1].toString();
    CallInProgress *const found = callFor(index.isDouble() ? std::optional(index.toInt()) : std::nullopt, id);
    if (!found)
        return backendError(QStringLiteral("The answer asks for more than %1 tools at once.").arg(maxCalls));
    const QString name = part["function"_L1]["name"_L1].toString();
    const QString arguments = argumentsText(part["function"_L1]["arguments"_L1]);
    if (const Result<void> grown = grow(id + name + arguments); !grown)
        return grown.error();
    if (!id.isEmpty())
        found->call.id = id;
    if (!name.isEmpty())
        found->call.name = name;
    found->call.arguments.append(arguments);
    return {};
}

ChatAnswer::CallInProgress *ChatAnswer::callFor(const std::optional<int> &index, const QString &id)
{
    // Backends that give no index send whole calls, or go on with the last one.
    const auto found = index                                ? std::find_if(m_calls.begin(), m_calls.end(),
                                                                           [&index](const CallInProgress &call) { return call.index == index; })
                       : id.isEmpty() && !m_calls.isEmpty() ? std::prev(m_calls.end())
                                                            : m_calls.end();
    if (found != m_calls.end())
        return &*found;
    if (m_calls.size() == maxCalls)
        return nullptr;
    m_calls.append({index, {}});
    return &m_calls.last();
}

Result<void> ChatAnswer::grow(const QString &text)
{
    m_size += text.toUtf8().size();
    return m_size > m_maxSize ? Result<void>(tooLong()) : Result<void>();
}

Error ChatAnswer::tooLong() const
{
    return backendError(QStringLiteral("The answer is longer than %1 bytes.").arg(m_maxSize));
}

QString ChatAnswer::takeNewText()
{
    const bool isCutPair = !m_hasEnded && m_text.size() > m_taken && m_text.back().isHighSurrogate();
    const qsizetype until = m_text.size() - (isCutPair ? 1 : 0);
    const qsizetype from = std::exchange(m_taken, until);
    return m_text.mid(from, until - from);
}

QList<domain::ToolCall> ChatAnswer::toolCalls() const
{
    QList<domain::ToolCall> calls;
    QSet<QString> ids;
    for (const CallInProgress &inProgress : m_calls) {
        domain::ToolCall call = inProgress.call;
        if (call.id.isEmpty() || ids.contains(call.id))
            call.id = QStringLiteral("call_") + QUuid::createUuid().toString(QUuid::Id128);
        ids.insert(call.id);
        calls.append(call);
    }
    return calls;
}

} // namespace hearth::chat
