// Fetch: one request whose small answer is wanted as a whole, within a deadline.
//
// BackendWatch asks backends with it, SelfCheck and the checks of desktop/discovery ask backends and the server. One
// object for one request; destroying it gives up. Not for tasks: their answers may be long and slow.

#pragma once

#include "clock.h"
#include "httpclient.h"

#include <functional>

namespace hearth::publisher {

class Fetch final : private httpclient::TransferHandler
{
public:
    struct Answer
    {
        int status = 0;
        /// Cut after maxBodyBytes.
        QByteArray body;
    };

    using Done = std::function<void(const Result<Answer> &)>;

    static constexpr qsizetype maxBodyBytes = 1024 * 1024;

    /// `done` is called once and never from in here; it may destroy the Fetch. `client` and `clock` must outlive it.
    /// `body` is sent where it is not empty. Errors: those of TransferHandler::finished(), BackendTimeout when
    /// `deadline` has passed.
    Fetch(httpclient::HttpClient &client, Clock &clock, httpclient::TransferRequest request, Duration deadline,
          Done done, const QByteArray &body = {});

private:
    void responseHead(int status, const HttpFields &fields) override;
    void responseBody(QByteArrayView piece) override;
    void finished(const Result<void> &result) override;
    void finish(const Result<Answer> &result);

    Done m_done;
    Answer m_answer;
    Timer m_deadline;
    std::unique_ptr<httpclient::Transfer> m_transfer;
};

} // namespace hearth::publisher
