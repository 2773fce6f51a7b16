// RequestMeter: learns the facts of one request from what passes by.
//
// InferTask keeps one where somebody watches the requests, and shows it the answer; nothing is taken out of it and
// nothing held back. Publisher's thread.

#pragma once

#include "answermeter.h"
#include "httpfields.h"
#include "requestfacts.h"
#include "taskmessages.h"

namespace hearth::publisher {

class RequestMeter
{
public:
    /// The message's path must be one of the model routes.
    RequestMeter(const channel::Infer &infer, MonotonicTime now);

    void head(const HttpFields &fields, MonotonicTime now);
    void body(QByteArrayView piece);
    /// The answer is over, complete or not.
    void finish();

    RequestFacts facts() const;

private:
    RequestFacts m_facts;
    /// From the head on.
    std::optional<metering::AnswerMeter> m_answer;
};

} // namespace hearth::publisher
