#include "streamending.h"

#include "eventtext.h"
#include "objectscan.h"

#include <array>

namespace hearth::metering {

namespace {

constexpr QByteArrayView doneMark("[DONE]");
/// With the name of its field and any line ends.
constexpr qsizetype longestDone = 32;

bool isDone(QByteArrayView event)
{
    return event.size() <= longestDone && event.contains(doneMark);
}

/// In JSON, quotation marks that are not escaped stand around nothing but a name or a whole text.
bool tellsFinishReason(QByteArrayView event)
{
    static constexpr QByteArrayView name("\"finish_reason\"");
    for (qsizetype at = event.indexOf(name); at >= 0; at = event.indexOf(name, at + name.size())) {
        const QByteArrayView behind = event.sliced(at + name.size()).trimmed();
        if (!behind.startsWith(':'))
            continue;
        // Some backends write an empty one where others write null.
        const QByteArrayView value = behind.sliced(1).trimmed();
        if (value.startsWith('"') && !value.startsWith("\"\""))
            return true;
    }
    return false;
}

/// The text of a member of the event's object; empty where there is none.
QByteArray member(QByteArrayView event, QByteArrayView name)
{
    const QByteArray data = singleData(event).value_or(QByteArrayView()).toByteArray();
    const Result<json::ObjectScan> scan = json::scanObject(data, std::array{name});
    const std::optional<json::Span> place = scan ? scan->values.front() : std::nullopt;
    return place ? data.sliced(place->offset, place->length) : QByteArray();
}

bool tellsError(QByteArrayView event)
{
    if (!event.contains("\"error\""))
        return false;
    const QByteArray error = member(event, "error");
    return error.startsWith('{') || error.startsWith('"');
}

} // namespace

StreamEnding::StreamEnding(Operation operation)
    : m_dialect(dialectOf(operation))
    , m_hasEnded(m_dialect == Dialect::None)
{}

StreamEnding::Dialect StreamEnding::dialectOf(Operation operation)
{
    switch (operation) {
    case Operation::Chat:
    case Operation::TextCompletion:
        return Dialect::Chunks;
    case Operation::Responses:
        return Dialect::Responses;
    case Operation::Messages:
        return Dialect::Messages;
    case Operation::Embeddings:
    case Operation::Rerank:
        return Dialect::None;
    }
    Q_UNREACHABLE();
}

void StreamEnding::take(QByteArrayView event)
{
    if (m_dialect == Dialect::None)
        return;
    if (m_dialect == Dialect::Chunks)
        return takeChunk(event);
    if (const std::optional<QByteArrayView> name = eventName(event)) {
        takeName(*name);
    } else if (isDone(event)) {
        m_hasEnded = true;
    } else {
        // The fields that name events are for clients that listen by name; their data says the same.
        const QByteArray type = member(event, "type");
        if (type.size() > 2)
            takeName(QByteArrayView(type).sliced(1).chopped(1));
    }
}

void StreamEnding::takeBeginning(QByteArrayView event)
{
    const std::optional<QByteArrayView> name = m_dialect == Dialect::Chunks ? std::nullopt : eventName(event);
    if (name)
        takeName(*name);
    else
        m_hasEnded = true;
}

void StreamEnding::takeChunk(QByteArrayView event)
{
    m_hasEnded = m_hasEnded || isDone(event) || tellsFinishReason(event);
    m_hasFailed = m_hasFailed || tellsError(event);
}

void StreamEnding::takeName(QByteArrayView name)
{
    const bool isMessages = m_dialect == Dialect::Messages;
    if (name == "error" || (!isMessages && name == "response.failed"))
        m_hasFailed = true;
    else if (isMessages ? name == "message_stop" : name == "response.completed" || name == "response.incomplete")
        m_hasEnded = true;
}

} // namespace hearth::metering
