#include "eventmeter.h"

#include "eventtext.h"
#include "objectscan.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::metering {

namespace {

constexpr QByteArrayView usageMember("\"usage\"");
/// Enough of an event to tell its name.
constexpr qsizetype longestName = 1024;

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

QByteArrayView wrapperOf(Operation operation)
{
    switch (operation) {
    case Operation::Responses:
        return "response";
    case Operation::Messages:
        return "message";
    case Operation::Chat:
    case Operation::TextCompletion:
    case Operation::Embeddings:
    case Operation::Rerank:
        return {};
    }
    Q_UNREACHABLE();
}

/// Whether `event` is a chunk that tells nothing but the usage: no choices, and no error in their place.
bool isUsageChunk(QByteArrayView event)
{
    enum : size_t { Usage, Choices, Failure };

    static constexpr std::array<QByteArrayView, 3> keys{"usage", "choices", "error"};
    const std::optional<QByteArrayView> line = singleData(event);
    if (!line)
        return false;
    const QByteArray data = line->toByteArray();
    const Result<json::ObjectScan> scan = json::scanObject(data, keys);
    if (!scan)
        return false;
    const auto value = [&](size_t key) {
        const std::optional<json::Span> place = scan->values[key];
        return place ? QByteArrayView(data).sliced(place->offset, place->length) : QByteArrayView();
    };
    const bool isEmpty = value(Choices).startsWith('[') && value(Choices).sliced(1).trimmed() == "]";
    const bool hasFailed = scan->values[Failure] && value(Failure) != "null";
    return value(Usage).startsWith('{') && isEmpty && !hasFailed;
}

} // namespace

EventMeter::EventMeter(Operation operation, bool removes)
    : m_wrapper(wrapperOf(operation))
    , m_removes(removes)
    , m_skimmer(m_wrapper)
    , m_ending(operation)
{}

qint64 EventMeter::take(QByteArrayView piece, const Forward &forward)
{
    qint64 removed = 0;
    qsizetype at = 0;
    // Up to here it has been handed on, held back or taken out. What passes goes on in runs as long as they can be.
    qsizetype done = 0;
    const auto handOn = [&] {
        if (at > done)
            forward(piece.sliced(done, at - done));
    };
    while (at < piece.size()) {
        const EventSplitter::Part part = m_splitter.next(piece.sliced(at));
        const QByteArrayView bytes = piece.sliced(at, part.length);
        const Fate fate = fateOf(bytes, part.place);
        if (fate == Fate::Pass) {
            // What is held back began before this piece, so nothing of the piece has to go first.
            release(forward);
        } else {
            handOn();
            done = at + part.length;
        }
        if (fate == Fate::Hold)
            m_held.append(bytes);
        else if (fate == Fate::Remove)
            removed += std::exchange(m_held, {}).size() + part.length;
        at += part.length;
    }
    handOn();
    return removed;
}

qint64 EventMeter::finish(const Forward &forward)
{
    // A backend that leaves out the last blank line has told what it has told all the same.
    if (!m_held.isEmpty() && fateOfWhole(m_held) == Fate::Remove)
        return std::exchange(m_held, {}).size();
    release(forward);
    return 0;
}

void EventMeter::release(const Forward &forward)
{
    if (!m_held.isEmpty())
        forward(std::exchange(m_held, {}));
}

EventMeter::Fate EventMeter::fateOf(QByteArrayView bytes, EventSplitter::Place place)
{
    if (place == EventSplitter::Place::BehindEnd)
        return m_lastFate;
    chooseHandling(bytes);
    switch (m_handling) {
    case Handling::Gather:
        if (place == EventSplitter::Place::Inside)
            return Fate::Hold;
        m_lastFate = m_held.isEmpty() ? fateOfWhole(bytes) : fateOfWhole(QByteArray(m_held).append(bytes));
        break;
    case Handling::Skim:
        m_skimmer.take(bytes, m_tally);
        m_lastFate = Fate::Pass;
        break;
    case Handling::Pass:
        m_lastFate = Fate::Pass;
        break;
    }
    if (place == EventSplitter::Place::End)
        m_handling = Handling::Gather;
    return m_lastFate;
}

void EventMeter::chooseHandling(QByteArrayView bytes)
{
    if (m_handling != Handling::Gather)
        return;
    if (m_held.isEmpty() && bytes.front() == ':') {
        m_handling = Handling::Pass;
    } else if (m_held.size() + bytes.size() > maxEvent) {
        m_handling = Handling::Skim;
        m_skimmer = UsageSkimmer(m_wrapper);
        m_skimmer.take(m_held, m_tally);
        m_ending.takeBeginning(QByteArray(m_held).append(bytes.first(std::min(bytes.size(), longestName))));
        ++m_events;
    }
}

EventMeter::Fate EventMeter::fateOfWhole(QByteArrayView event)
{
    if (isLineEnd(event.front()))
        return Fate::Pass;
    ++m_events;
    m_ending.take(event);
    return readUsage(event) && m_removes && isUsageChunk(event) ? Fate::Remove : Fate::Pass;
}

bool EventMeter::readUsage(QByteArrayView event)
{
    // Nearly all events end here.
    if (!event.contains(usageMember))
        return false;
    UsageSkimmer(m_wrapper).take(event, m_tally);
    return true;
}

} // namespace hearth::metering
