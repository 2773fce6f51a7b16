#include "publishedllm.h"

#include "forwardedfields.h"

namespace hearth::publisher {

BackendTarget::BackendTarget(const LlmSettings &llm, const BackendSettings &settings)
    : m_url(llm.url)
    // An answer passes through as it is, and its encoding is not among the fields that do.
    , m_fields{{"Accept-Encoding", "identity"}}
    , m_limits{.connect = settings.connectTimeout, .firstByte = settings.firstByteTimeout, .idle = settings.idleTimeout}
{
    if (llm.apiKey.isEmpty())
        return;
    m_fields.append("Authorization", "Bearer " + llm.apiKey);
    if (llm.type == BackendType::Anthropic)
        m_fields.append("x-api-key", llm.apiKey);
}

httpclient::TransferRequest BackendTarget::post(QByteArrayView path, QByteArrayView query, const HttpFields &received,
                                                qint64 bodySize) const
{
    httpclient::TransferRequest request;
    request.method = "POST";
    request.url.reserve(m_url.size() + path.size() + 1 + query.size());
    request.url.append(m_url).append(path);
    if (!query.isEmpty())
        request.url.append('?').append(query);
    request.fields = m_fields;
    for (const HttpField &field : channel::fieldsForBackend(received))
        request.fields.append(field.name, field.value);
    request.bodySize = bodySize;
    request.limits = m_limits;
    return request;
}

httpclient::TransferRequest BackendTarget::get(QByteArrayView path) const
{
    httpclient::TransferRequest request;
    request.url = m_url + path.toByteArray();
    request.fields = m_fields;
    request.limits = m_limits;
    request.freshConnection = true;
    return request;
}

channel::ReportedState reportedState(const PublishedLlm &llm, Intake intake)
{
    switch (intake) {
    case Intake::Open:
        return llm.isResuming ? channel::ReportedState::Paused : llm.state;
    case Intake::Draining:
        return llm.running > 0 ? channel::ReportedState::Draining : channel::ReportedState::Paused;
    case Intake::Paused:
        return channel::ReportedState::Paused;
    }
    Q_UNREACHABLE();
}

} // namespace hearth::publisher
