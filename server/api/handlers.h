// The small exchange handlers that most controllers use.
//
// ImmediateHandler answers with what a function returns; DeferredHandler hands a Reply to a function that answers
// later, when the database has confirmed, say. Owned by the connection, main thread.

#pragma once

#include "errorresponse.h"
#include "exchange.h"

#include <functional>
#include <memory>

namespace hearth::api {

class ImmediateHandler final : public http::ExchangeHandler
{
public:
    explicit ImmediateHandler(std::function<http::Response()> answer)
        : m_answer(std::move(answer))
    {}

    void requestComplete(http::Exchange &exchange, QByteArray) override { exchange.respond(m_answer()); }

private:
    std::function<http::Response()> m_answer;
};

/// The right to answer one request once. It may outlive the exchange: the answer is then dropped.
class Reply
{
public:
    explicit Reply(http::Exchange &exchange)
        : m_exchange(&exchange)
    {}

    void send(const http::Response &response)
    {
        if (http::Exchange *const exchange = std::exchange(m_exchange, nullptr))
            exchange->respond(response);
    }

    void forget() { m_exchange = nullptr; }

private:
    http::Exchange *m_exchange;
};

class DeferredHandler final : public http::ExchangeHandler
{
public:
    explicit DeferredHandler(std::function<void(std::shared_ptr<Reply>)> start)
        : m_start(
              [start = std::move(start)](std::shared_ptr<Reply> reply, const QByteArray &) { start(std::move(reply)); })
    {}

    /// With the body of the request.
    explicit DeferredHandler(std::function<void(std::shared_ptr<Reply>, const QByteArray &)> start)
        : m_start(std::move(start))
    {}

    ~DeferredHandler() override
    {
        if (m_reply)
            m_reply->forget();
    }

    void requestComplete(http::Exchange &exchange, QByteArray body) override
    {
        m_reply = std::make_shared<Reply>(exchange);
        // On the stack: an answer from inside the call destroys this handler.
        const auto start = m_start;
        start(m_reply, body);
    }

private:
    std::function<void(std::shared_ptr<Reply>, const QByteArray &)> m_start;
    std::shared_ptr<Reply> m_reply;
};

/// A 200 with a JSON body.
inline http::Response jsonResponse(QByteArray body, int status = 200)
{
    return {status, {{"content-type", "application/json"}}, std::move(body)};
}

} // namespace hearth::api
