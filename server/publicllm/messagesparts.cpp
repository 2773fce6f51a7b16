#include "messagesparts.h"

#include "jsonwriter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

constexpr std::array finishReasons{
    std::pair{"end_turn"_L1, "stop"_L1},
    std::pair{"stop_sequence"_L1, "stop"_L1},
    std::pair{"pause_turn"_L1, "stop"_L1},
    std::pair{"max_tokens"_L1, "length"_L1},
    std::pair{"model_context_window_exceeded"_L1, "length"_L1},
    std::pair{"tool_use"_L1, "tool_calls"_L1},
    std::pair{"refusal"_L1, "content_filter"_L1},
};

/// As Anthropic documents them.
constexpr std::array errorStatuses{
    std::pair{"invalid_request_error"_L1, 400}, std::pair{"authentication_error"_L1, 401},
    std::pair{"billing_error"_L1, 402},         std::pair{"permission_error"_L1, 403},
    std::pair{"not_found_error"_L1, 404},       std::pair{"request_too_large"_L1, 413},
    std::pair{"rate_limit_error"_L1, 429},      std::pair{"timeout_error"_L1, 504},
    std::pair{"overloaded_error"_L1, 529},
};

} // namespace

void MessagesUsage::update(const QJsonObject &usage)
{
    const auto take = [&usage](QLatin1String key, qint64 &count) {
        count = std::max<qint64>(usage[key].toInteger(count), 0);
    };
    take("input_tokens"_L1, m_input);
    take("cache_creation_input_tokens"_L1, m_cacheWritten);
    take("cache_read_input_tokens"_L1, m_cacheRead);
    take("output_tokens"_L1, m_output);
}

void MessagesUsage::write(json::JsonWriter &writer) const
{
    const qint64 prompt = m_input + m_cacheWritten + m_cacheRead;
    writer.beginObject();
    writer.field("prompt_tokens"_L1, prompt);
    writer.field("completion_tokens"_L1, m_output);
    writer.field("total_tokens"_L1, prompt + m_output);
    writer.key("prompt_tokens_details"_L1).beginObject().field("cached_tokens"_L1, m_cacheRead).endObject();
    writer.endObject();
}

QLatin1String finishReason(const QString &stopReason)
{
    const auto *const found =
        std::ranges::find_if(finishReasons, [&stopReason](const auto &row) { return row.first == stopReason; });
    return found == finishReasons.end() ? "stop"_L1 : found->second;
}

std::optional<MessagesError> MessagesError::read(const QJsonObject &object)
{
    const QJsonValue error = object["error"_L1];
    if (object["type"_L1].toString() != "error"_L1 || !error.isObject())
        return std::nullopt;
    return MessagesError{error["type"_L1].toString(), error["message"_L1].toString()};
}

int MessagesError::status() const
{
    const auto *const found =
        std::ranges::find_if(errorStatuses, [this](const auto &row) { return row.first == type; });
    return found == errorStatuses.end() ? 502 : found->second;
}

QByteArray MessagesError::toChat() const
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject().key("error"_L1).beginObject();
    writer.field("message"_L1, message).field("type"_L1, type);
    writer.key("param"_L1).null().key("code"_L1).null();
    writer.endObject().endObject();
    return body;
}

} // namespace hearth::publicllm
