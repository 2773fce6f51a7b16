#include "answermeter.h"

#include "eventmeter.h"

#include <variant>

namespace hearth::metering {

namespace {

/// Of an answer that is one JSON text.
struct WholeMeter
{
    UsageSkimmer skimmer{{}};
    UsageTally tally;
};

} // namespace

class AnswerMeter::Private
{
public:
    Private(Operation operation, Form form, UsageChunk chunk)
        : isFiltered(chunk == UsageChunk::Remove)
    {
        if (form == Form::EventStream)
            meter.emplace<EventMeter>(operation, isFiltered);
    }

    const bool isFiltered;
    std::variant<WholeMeter, EventMeter> meter;
};

AnswerMeter::AnswerMeter(Operation operation, Form form, UsageChunk chunk)
    : d(std::make_unique<Private>(operation, form, chunk))
{}

AnswerMeter::~AnswerMeter() = default;
AnswerMeter::AnswerMeter(AnswerMeter &&) noexcept = default;
AnswerMeter &AnswerMeter::operator=(AnswerMeter &&) noexcept = default;

qint64 AnswerMeter::take(QByteArrayView piece, const Forward &forward)
{
    if (auto *const whole = std::get_if<WholeMeter>(&d->meter)) {
        whole->skimmer.take(piece, whole->tally);
    } else {
        EventMeter &events = std::get<EventMeter>(d->meter);
        if (d->isFiltered)
            return events.take(piece, forward);
        // It is read the same way, and what the reader holds back has passed.
        events.take(piece, [](QByteArrayView) {});
    }
    forward(piece);
    return 0;
}

qint64 AnswerMeter::finish(const Forward &forward)
{
    auto *const events = std::get_if<EventMeter>(&d->meter);
    return events ? events->finish(d->isFiltered ? forward : [](QByteArrayView) {}) : 0;
}

std::optional<TokenUsage> AnswerMeter::usage() const
{
    if (const auto *const whole = std::get_if<WholeMeter>(&d->meter))
        return whole->tally.usage();
    return std::get<EventMeter>(d->meter).tally().usage();
}

AnswerMeter::End AnswerMeter::end() const
{
    const auto *const events = std::get_if<EventMeter>(&d->meter);
    if (!events)
        return End::Told;
    if (events->ending().hasFailed())
        return End::Failed;
    return events->ending().hasEnded() ? End::Told : End::Missing;
}

qint64 AnswerMeter::events() const
{
    const auto *const events = std::get_if<EventMeter>(&d->meter);
    return events ? events->events() : 0;
}

} // namespace hearth::metering
