// CurlExchange: one easy handle, and the request and answer that it carries at the moment.
//
// HttpClient keeps a pool of them and puts them into its MultiSocket; libcurl calls back into them; a ClientTransfer is
// the caller's end. An exchange turns libcurl's callbacks into the handler's, holds the request body, keeps the limits
// and decides what libcurl's verdict means. It never adds or removes itself: when something is to be done outside of
// libcurl it asks the client, which then calls serve() or takes it out.

#pragma once

#include "answerhead.h"
#include "curlfailure.h"
#include "curlfieldlist.h"
#include "httpclient.h"
#include "uploadqueue.h"

#include <curl/curl.h>

#include <array>

namespace hearth::httpclient {

class CurlExchange;
class MultiSocket;

/// The caller's end of an exchange. Either end may go first.
class ClientTransfer final : public Transfer
{
public:
    explicit ClientTransfer(CurlExchange &exchange);
    ~ClientTransfer() override;

    void send(QByteArray piece) override;
    void pause() override;
    void resume() override;

private:
    friend class CurlExchange;

    CurlExchange *m_exchange; // Null once the exchange is over.
};

class CurlExchange final
{
public:
    /// What an exchange needs of its client.
    class Owner
    {
    public:
        /// Asks for attention outside of libcurl.
        virtual void schedule(CurlExchange &exchange) = 0;
        /// The caller has dropped the transfer: it must end now, or as soon as libcurl has returned.
        virtual void abandon(CurlExchange &exchange) = 0;

    protected:
        ~Owner() = default;
    };

    /// The other objects must outlive this one.
    CurlExchange(const HttpClientSettings &settings, Clock &clock, MultiSocket &multi, Owner &owner);
    ~CurlExchange();
    CurlExchange(const CurlExchange &) = delete;
    CurlExchange &operator=(const CurlExchange &) = delete;

    /// The exchange of an easy handle; null for a handle of libcurl's own.
    static CurlExchange *of(CURL *easy);

    CURL *easy() const { return m_easy; }

    /// Takes a request. Nothing is called until it has been added to the multi handle.
    void open(TransferRequest request, TransferHandler &handler);
    /// Ends the exchange for the caller's end, and makes it ready for the next open(). Returns the handler that is to
    /// be told the end; null if the transfer has been dropped.
    TransferHandler *close();

    bool isAdded() const { return m_stage != Stage::Idle; }

    bool isAbandoned() const { return m_handler == nullptr; }

    /// What went wrong, if it was not libcurl that found it.
    const std::optional<Error> &failure() const { return m_failure; }

    void fail(Error error);

    /// Sets the handle up for its request; it can be added now.
    void prepare();
    /// Lets libcurl go on where it was held and may go on now.
    void unpause();
    /// libcurl waits for the answer, or not any more. Returns whether the connection has been established.
    bool interestChanged(bool reads);
    /// What the end of the transfer means to the handler.
    Result<void> verdict(CURLcode code);

    /// Whether schedule() has been called and not been answered: kept by the owner.
    bool isScheduled = false;

private:
    friend class ClientTransfer;

    void setUp(const HttpClientSettings &settings);
    void setUpCallbacks();
    void prepareBody();
    void abandon();
    void send(QByteArray piece);
    void setPaused(bool paused);
    void limitRanOut();
    void watchAnswer();
    void noticeAnswerRead();

    curl_socket_t openSocket(const curl_sockaddr &address);
    bool startRequest();
    size_t takeHeadLine(QByteArrayView line);
    size_t takeBody(QByteArrayView piece);
    size_t giveBody(char *target, size_t capacity);

    template <typename T>
    void set(CURLoption option, T value);

    const HttpClientSettings &m_settings;
    MultiSocket &m_multi;
    Owner &m_owner;
    CURL *const m_easy;
    std::array<char, CURL_ERROR_SIZE> m_detail{};
    CurlFieldList m_fieldList;
    Timer m_limit;

    TransferRequest m_request;
    TransferHandler *m_handler = nullptr; // Null once the caller has dropped the transfer.
    ClientTransfer *m_transfer = nullptr;
    std::optional<Error> m_failure;
    UploadQueue m_upload;
    AnswerHead m_head;
    Stage m_stage = Stage::Idle;
    bool m_paused = false;         // The caller wants no more for now.
    bool m_reads = false;          // libcurl waits for bytes of the answer.
    bool m_readHeld = false;       // libcurl holds a piece of the answer and reads no further.
    bool m_writeHeld = false;      // libcurl waits for more of the request body.
    bool m_answerRead = false;     // The answer has been read to its end.
    bool m_addressRefused = false; // By the settings.
};

} // namespace hearth::httpclient
