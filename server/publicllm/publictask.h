// PublicTask: one request to a public Llm, from its start to its end.
//
// PublicLlms makes one for each request and keeps it until it has ended or is cancelled; cancelling closes the
// connection to the backend at once, and only then is the slot free. It translates where the backend speaks another
// dialect than the client, keeps the backend's key out of the answer, and stops reading the backend while the client
// does not read. Main thread only.

#pragma once

#include "httpclient.h"
#include "outgoingbody.h"
#include "publicllmsettings.h"
#include "secretbox.h"
#include "secretmask.h"
#include "tasktarget.h"
#include "translatedanswer.h"

#include <QObject>

#include <functional>
#include <memory>

class QThreadPool;

namespace hearth::publicllm {

struct MessagesRequest;

/// What all requests share. Everything must outlive them.
struct PublicTaskContext
{
    const PublicLlmSettings &settings;
    const SecretBox &secrets;
    httpclient::HttpClient &client;
    Clock &clock;
    /// Of the main thread: what is done elsewhere comes back to it.
    QObject &home;
    QThreadPool &translators;
    /// The task has ended and is to be forgotten.
    std::function<void(TaskId)> ended;
};

class PublicTask final : public std::enable_shared_from_this<PublicTask>, private httpclient::TransferHandler
{
public:
    PublicTask(TaskId id, const domain::Llm &llm, relay::Slot slot, relay::TaskObserver &observer,
               PublicTaskContext &context);
    ~PublicTask() override;
    PublicTask(const PublicTask &) = delete;
    PublicTask &operator=(const PublicTask &) = delete;

    /// Sends `request`, whose body is `body` for this Llm. Calls the observer never from inside.
    void begin(const relay::InferRequest &request, const relay::BodyPieces &body);
    /// The observer hears nothing any more.
    void cancel();
    void consumed(qint64 bytes);

private:
    /// Errors: BackendError when the stored key does not open.
    Result<void> openKey(QByteArrayView sealed);
    void beginTranslated(const QByteArray &chat);
    void translated(const Result<MessagesRequest> &result);
    void send(OutgoingBody body);
    HttpFields requestFields(const HttpFields &received, bool isTranslated) const;
    /// Fails in the next turn of the event loop.
    void failLater(const Error &error);
    /// Calls `function` in the event loop of the main thread, if the task lives then. From any thread.
    static void post(QObject &home, const std::weak_ptr<PublicTask> &task, std::function<void(PublicTask &)> function);

    void responseHead(int status, const HttpFields &fields) override;
    void responseBody(QByteArrayView piece) override;
    void readyForBody() override;
    void finished(const Result<void> &result) override;

    void pass(const TranslatedAnswer::Step &step);
    void passHead(int status, const HttpFields &fields);
    void passBody(QByteArrayView piece);
    void end();
    void fail(const Error &error);
    /// A message without the key.
    QString masked(const QString &text) const;
    Error described(const Error &error) const;

    const TaskId m_id;
    PublicTaskContext &m_context;
    /// Those that held when it was made.
    const PublicLlmSettings m_settings;
    /// What the requests of this Llm are like, as it was when this one began.
    const QString m_llm;
    const QString m_model;
    const QByteArray m_url;
    const bool m_isAnthropic;
    const QByteArray m_sealedKey;

    /// Freed last of all.
    relay::Slot m_slot;
    /// Null once the task has been cancelled or has ended.
    relay::TaskObserver *m_observer;
    Secret m_key;
    std::optional<SecretMask> m_mask;
    httpclient::TransferRequest m_request;
    OutgoingBody m_body;
    std::unique_ptr<httpclient::Transfer> m_transfer;
    std::optional<TranslatedAnswer> m_translation;
    /// Passed on and not yet consumed, in bytes.
    qint64 m_unread = 0;
    bool m_isPaused = false;
};

} // namespace hearth::publicllm
