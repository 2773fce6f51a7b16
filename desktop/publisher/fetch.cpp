#include "fetch.h"

namespace hearth::publisher {

namespace {

httpclient::TransferRequest withSize(httpclient::TransferRequest request, const QByteArray &body)
{
    if (!body.isEmpty())
        request.bodySize = body.size();
    return request;
}

} // namespace

Fetch::Fetch(httpclient::HttpClient &client, Clock &clock, httpclient::TransferRequest request, Duration deadline,
             Done done, const QByteArray &body)
    : m_done(std::move(done))
    , m_deadline(clock,
                 [this] {
                     finish(Error{ErrorCode::BackendTimeout, QStringLiteral("There was no answer in time.")});
                 })
    , m_transfer(client.start(withSize(std::move(request), body), *this))
{
    if (!body.isEmpty())
        m_transfer->send(body);
    m_deadline.start(deadline);
}

void Fetch::responseHead(int status, const HttpFields &)
{
    m_answer.status = status;
}

void Fetch::responseBody(QByteArrayView piece)
{
    m_answer.body.append(piece.first(std::min(piece.size(), maxBodyBytes - m_answer.body.size())));
}

void Fetch::finished(const Result<void> &result)
{
    if (result)
        finish(std::move(m_answer));
    else
        finish(result.error());
}

void Fetch::finish(const Result<Answer> &result)
{
    m_deadline.stop();
    m_transfer.reset();
    // The function may destroy this object, and with it the function.
    const Done done = std::move(m_done);
    done(result);
}

} // namespace hearth::publisher
