#include "requestmeter.h"

namespace hearth::publisher {

namespace {

using metering::AnswerMeter;

/// The task sends the answer on by itself.
void forwardNothing(QByteArrayView) {}

} // namespace

RequestMeter::RequestMeter(const channel::Infer &infer, MonotonicTime now)
    : m_facts{.task = infer.task, .llm = infer.llm, .path = infer.path, .began = now}
{}

void RequestMeter::head(const HttpFields &fields, MonotonicTime now)
{
    m_facts.answered = now;
    m_facts.isStream = fields.value("content-type").toLower().startsWith("text/event-stream");
    m_answer.emplace(metering::operationOf(m_facts.path),
                     m_facts.isStream ? AnswerMeter::Form::EventStream : AnswerMeter::Form::Whole,
                     AnswerMeter::UsageChunk::Keep);
}

void RequestMeter::body(QByteArrayView piece)
{
    m_answer->take(piece, forwardNothing);
}

void RequestMeter::finish()
{
    if (m_answer)
        m_answer->finish(forwardNothing);
}

RequestFacts RequestMeter::facts() const
{
    RequestFacts facts = m_facts;
    if (m_answer) {
        facts.events = m_answer->events();
        facts.usage = m_answer->usage();
    }
    return facts;
}

} // namespace hearth::publisher
