#include "translatedanswer.h"

#include "forwardedfields.h"
#include "messagestochat.h"

#include <algorithm>

namespace hearth::publicllm {

namespace {

/// Enough for any error that a backend explains.
constexpr qsizetype maxErrorBody = 64 * 1024;

} // namespace

void TranslatedAnswer::begin(int status, const HttpFields &fields)
{
    m_status = status;
    m_fields = channel::fieldsForClient(fields);
    m_isStream = !isError() && m_fields.value("content-type").toLower().startsWith("text/event-stream");
}

TranslatedAnswer::Step TranslatedAnswer::take(QByteArrayView piece)
{
    if (m_isAnswered)
        return {};
    if (m_isStream)
        return takeEvents(piece);
    if (isError()) {
        m_whole.append(piece.first(std::min(piece.size(), maxErrorBody - m_whole.size())));
        return {};
    }
    if (m_whole.size() + piece.size() > m_settings.maxWhole) {
        return {.failure = Error{ErrorCode::BackendError,
                                 QStringLiteral("The backend's answer is longer than %1 bytes; ask with \"stream\": "
                                                "true.")
                                     .arg(m_settings.maxWhole)}};
    }
    m_whole.append(piece);
    return {};
}

TranslatedAnswer::Step TranslatedAnswer::takeEvents(QByteArrayView piece)
{
    QByteArray chunks = m_stream.feed(piece);
    if (!m_hasBegun && chunks.isEmpty() && m_stream.toldError())
        return answer(m_stream.toldError()->status(), m_stream.toldError()->toChat());
    Step step;
    if (!chunks.isEmpty() && !std::exchange(m_hasBegun, true))
        step.head = Step::Head{m_status, fieldsWith("text/event-stream")};
    step.body = std::move(chunks);
    step.failure = m_stream.failure();
    return step;
}

TranslatedAnswer::Step TranslatedAnswer::end()
{
    if (isComplete())
        return {};
    if (!m_isStream)
        return endWhole();
    return {.failure = Error{ErrorCode::BackendError,
                             QStringLiteral("The backend's event stream ended before the message did.")}};
}

TranslatedAnswer::Step TranslatedAnswer::endWhole()
{
    if (isError())
        return answer(m_status, messagesErrorToChat(m_whole, m_status));
    Result<QByteArray> chat = messagesToChat(m_whole, m_settings.stream.created);
    if (!chat)
        return {.failure = chat.error()};
    return answer(m_status, std::move(*chat));
}

TranslatedAnswer::Step TranslatedAnswer::answer(int status, QByteArray body)
{
    m_isAnswered = true;
    return {.head = Step::Head{status, fieldsWith("application/json")}, .body = std::move(body)};
}

HttpFields TranslatedAnswer::fieldsWith(QByteArray contentType) const
{
    HttpFields fields{{"content-type", std::move(contentType)}};
    for (const HttpField &field : m_fields) {
        if (field.name.compare("content-type", Qt::CaseInsensitive) != 0)
            fields.append(field.name, field.value);
    }
    return fields;
}

} // namespace hearth::publicllm
