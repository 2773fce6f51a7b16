#include "publictask.h"

#include "chattomessages.h"
#include "forwardedfields.h"
#include "logging.h"

#include <QThreadPool>

namespace hearth::publicllm {

namespace {

/// Of a request body that waits to be sent.
constexpr qsizetype portionSize = 64 * 1024;

constexpr QByteArrayView chatPath("/chat/completions");
constexpr QByteArrayView messagesPath("/messages");

/// The version of the Messages API that the translation is made for.
constexpr char anthropicVersion[] = "2023-06-01";

bool isRedirect(int status)
{
    return status >= 300 && status < 400;
}

} // namespace

PublicTask::PublicTask(TaskId id, const domain::Llm &llm, relay::Slot slot, relay::TaskObserver &observer,
                       PublicTaskContext &context)
    : m_id(id)
    , m_context(context)
    , m_settings(context.settings)
    , m_llm(llm.name)
    , m_model(llm.model)
    , m_url(llm.url.toLatin1())
    , m_isAnthropic(llm.type == QLatin1String("anthropic"))
    , m_sealedKey(llm.sealedApiKey)
    , m_slot(std::move(slot))
    , m_observer(&observer)
{}

PublicTask::~PublicTask() = default;

void PublicTask::begin(const relay::InferRequest &request, const relay::BodyPieces &body)
{
    if (m_isAnthropic && request.path != chatPath && request.path != messagesPath) {
        return failLater({ErrorCode::InvalidRequest,
                          QStringLiteral("Llm '%1' does not serve /v1%2; it serves /v1/chat/completions and "
                                         "/v1/messages.")
                              .arg(m_llm, QString::fromLatin1(request.path))});
    }
    if (const Result<void> opened = openKey(m_sealedKey); !opened)
        return failLater(opened.error());
    const bool isTranslated = m_isAnthropic && request.path == chatPath;
    m_request.method = "POST";
    m_request.url = m_url + (isTranslated ? messagesPath.toByteArray() : request.path);
    // A chat completion's query means nothing to the Messages API.
    if (!request.query.isEmpty() && !isTranslated)
        m_request.url += '?' + request.query;
    m_request.fields = requestFields(request.fields, isTranslated);
    m_request.limits = {.connect = m_settings.connect, .firstByte = request.firstByte, .idle = request.idle};
    if (isTranslated)
        beginTranslated(body.joined());
    else
        send(OutgoingBody(body));
}

Result<void> PublicTask::openKey(QByteArrayView sealed)
{
    if (sealed.isEmpty())
        return {};
    Result<Secret> key = m_context.secrets.open(sealed);
    if (!key) {
        qCWarning(lcRelay).noquote()
            << "The API key of the public Llm" << m_llm
            << "cannot be opened: it was sealed with another secret file, or has been changed.";
        return Error{ErrorCode::BackendError,
                     QStringLiteral("The API key that is stored for Llm '%1' cannot be opened; an administrator has to "
                                    "set it again.")
                         .arg(m_llm)};
    }
    m_key = std::move(key).value();
    m_mask.emplace(m_key);
    return {};
}

HttpFields PublicTask::requestFields(const HttpFields &received, bool isTranslated) const
{
    // An answer passes through as it is, and its encoding is not among the fields that do.
    HttpFields fields{{"accept-encoding", "identity"}};
    for (const HttpField &field : channel::fieldsForBackend(received)) {
        // What else the client said is about the dialect that it speaks itself.
        if (!isTranslated || field.name.toLower().startsWith("anthropic-"))
            fields.append(field.name, field.value);
    }
    if (!fields.contains("content-type"))
        fields.append("content-type", "application/json");
    if (m_isAnthropic && !fields.contains("anthropic-version"))
        fields.append("anthropic-version", anthropicVersion);
    if (m_key.isEmpty())
        return fields;
    if (m_isAnthropic)
        fields.append("x-api-key", m_key.bytes());
    else
        fields.append("authorization", "Bearer " + m_key.bytes());
    return fields;
}

void PublicTask::beginTranslated(const QByteArray &chat)
{
    const int defaultMaxTokens = m_settings.defaultMaxTokens;
    if (chat.size() <= m_settings.translateInline)
        return translated(chatToMessages(chat, m_model, defaultMaxTokens));
    m_context.translators.start([chat, model = m_model, defaultMaxTokens, task = weak_from_this(),
                                 home = &m_context.home] {
        post(*home, task,
             [result = chatToMessages(chat, model, defaultMaxTokens)](PublicTask &self) { self.translated(result); });
    });
}

void PublicTask::translated(const Result<MessagesRequest> &result)
{
    if (!result)
        return failLater(result.error());
    const MessagesRequest &request = result.value();
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(m_context.clock.wallNow().time_since_epoch());
    m_translation.emplace(TranslatedAnswer::Settings{
        .stream = {.created = now.count(), .includeUsage = request.includeUsage, .maxEvent = m_settings.maxEvent},
        .maxWhole = m_settings.maxWholeAnswer});
    send(OutgoingBody(request.body));
}

void PublicTask::send(OutgoingBody body)
{
    m_body = std::move(body);
    m_request.bodySize = m_body.size();
    m_transfer = m_context.client.start(std::exchange(m_request, {}), *this);
    m_transfer->send(m_body.take(portionSize));
}

void PublicTask::readyForBody()
{
    if (QByteArray portion = m_body.take(portionSize); !portion.isEmpty())
        m_transfer->send(std::move(portion));
}

void PublicTask::cancel()
{
    m_observer = nullptr;
    m_transfer.reset();
}

void PublicTask::consumed(qint64 bytes)
{
    m_unread -= bytes;
    if (!m_isPaused || m_unread >= m_settings.maxUnread)
        return;
    m_isPaused = false;
    if (m_transfer)
        m_transfer->resume();
}

void PublicTask::responseHead(int status, const HttpFields &fields)
{
    const std::shared_ptr<PublicTask> alive = shared_from_this();
    if (isRedirect(status)) {
        return fail({ErrorCode::BackendError,
                     QStringLiteral("The backend of Llm '%1' redirects to elsewhere; its url must be that of the API "
                                    "itself.")
                         .arg(m_llm)});
    }
    if (status < 200 || status > 599) {
        return fail(
            {ErrorCode::BackendError,
             QStringLiteral("The backend of Llm '%1' answered with the illegal status %2.").arg(m_llm).arg(status)});
    }
    if (m_translation)
        m_translation->begin(status, fields);
    else
        passHead(status, channel::fieldsForClient(fields));
}

void PublicTask::responseBody(QByteArrayView piece)
{
    const std::shared_ptr<PublicTask> alive = shared_from_this();
    const QByteArrayView clear = m_mask ? m_mask->pass(piece) : piece;
    if (!m_translation)
        return passBody(clear);
    pass(m_translation->take(clear));
    // What a backend still says behind the end of the message is nobody's, and neither is how it closes.
    if (m_observer && m_translation->isComplete()) {
        m_transfer.reset();
        end();
    }
}

void PublicTask::finished(const Result<void> &result)
{
    const std::shared_ptr<PublicTask> alive = shared_from_this();
    const Result<void> outcome = result; // The transfer owns `result`.
    m_transfer.reset();
    if (!outcome)
        return fail(described(outcome.error()));
    const QByteArray rest = m_mask ? m_mask->rest() : QByteArray();
    if (!m_translation) {
        passBody(rest);
    } else {
        if (!rest.isEmpty())
            pass(m_translation->take(rest));
        if (m_observer)
            pass(m_translation->end());
    }
    if (m_observer)
        end();
}

void PublicTask::pass(const TranslatedAnswer::Step &step)
{
    if (step.head)
        passHead(step.head->status, step.head->fields);
    // The translation joins and decodes, and so it can put a key together that was none before.
    if (m_mask)
        passBody(m_mask->masked(step.body));
    else
        passBody(step.body);
    if (step.failure && m_observer)
        fail(*step.failure);
}

void PublicTask::passHead(int status, const HttpFields &fields)
{
    if (!m_mask)
        return m_observer->taskHead(status, fields);
    HttpFields masked;
    for (const HttpField &field : fields)
        masked.append(field.name, m_mask->masked(field.value));
    m_observer->taskHead(status, masked);
}

void PublicTask::passBody(QByteArrayView piece)
{
    if (!m_observer || piece.isEmpty())
        return;
    m_unread += piece.size();
    m_observer->taskBody(piece);
    if (!m_observer || !m_transfer || m_isPaused || m_unread < m_settings.maxUnread)
        return;
    m_isPaused = true;
    m_transfer->pause();
}

void PublicTask::end()
{
    relay::TaskObserver *const observer = std::exchange(m_observer, nullptr);
    m_context.ended(m_id);
    observer->taskEnded();
}

void PublicTask::fail(const Error &error)
{
    relay::TaskObserver *const observer = std::exchange(m_observer, nullptr);
    m_transfer.reset();
    m_context.ended(m_id);
    Error told = error;
    told.message = masked(error.message);
    observer->taskFailed(told);
}

void PublicTask::failLater(const Error &error)
{
    post(m_context.home, weak_from_this(), [error](PublicTask &self) {
        const std::shared_ptr<PublicTask> alive = self.shared_from_this();
        self.fail(error);
    });
}

void PublicTask::post(QObject &home, const std::weak_ptr<PublicTask> &task, std::function<void(PublicTask &)> function)
{
    QMetaObject::invokeMethod(
        &home,
        [task, function = std::move(function)] {
            const std::shared_ptr<PublicTask> self = task.lock();
            if (self && self->m_observer)
                function(*self);
        },
        Qt::QueuedConnection);
}

QString PublicTask::masked(const QString &text) const
{
    return m_mask ? QString::fromUtf8(m_mask->masked(text.toUtf8())) : text;
}

Error PublicTask::described(const Error &error) const
{
    // The caller learns what happened, but not where the backend is; the server's operator reads that here.
    qCInfo(lcRelay).noquote() << "A request to the public Llm" << m_llm << "failed:" << masked(error.message);
    if (error.code == ErrorCode::BackendUnreachable)
        return {error.code, QStringLiteral("The backend of Llm '%1' cannot be reached.").arg(m_llm)};
    if (error.code == ErrorCode::BackendTimeout)
        return {error.code, QStringLiteral("The backend of Llm '%1' did not answer in time.").arg(m_llm)};
    return {ErrorCode::BackendError, QStringLiteral("The backend of Llm '%1' gave no complete answer.").arg(m_llm)};
}

} // namespace hearth::publicllm
