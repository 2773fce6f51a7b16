#include "usagetally.h"

#include "objectscan.h"

#include <array>

namespace hearth::metering {

namespace {

enum : size_t { PromptTokens, InputTokens, CompletionTokens, OutputTokens, TotalTokens, CacheWritten, CacheRead };

constexpr std::array<QByteArrayView, 7> countKeys{
    "prompt_tokens",           "input_tokens", "completion_tokens",
    "output_tokens",           "total_tokens", "cache_creation_input_tokens",
    "cache_read_input_tokens",
};

} // namespace

void UsageTally::read(const QByteArray &object)
{
    const Result<json::ObjectScan> scan = json::scanObject(object, countKeys);
    if (!scan)
        return;
    const auto count = [&](size_t key) -> std::optional<qint64> {
        const std::optional<json::Span> place = scan->values[key];
        bool isWhole = false;
        const qint64 number =
            place ? QByteArrayView(object).sliced(place->offset, place->length).toLongLong(&isWhole) : 0;
        return isWhole && number >= 0 && number <= maxCount ? std::optional(number) : std::nullopt;
    };
    const std::optional<qint64> prompt = count(PromptTokens);
    const std::optional<qint64> completion = count(CompletionTokens);
    std::optional<qint64> input = prompt ? prompt : count(InputTokens);
    const std::optional<qint64> output = completion ? completion : count(OutputTokens);
    // What answers with vectors or scores may tell the sum alone, which then is the input.
    if (!input && !output)
        input = count(TotalTokens);
    m_input = input ? input : m_input;
    m_output = output ? output : m_output;
    m_cacheWritten = prompt ? 0 : count(CacheWritten).value_or(m_cacheWritten);
    m_cacheRead = prompt ? 0 : count(CacheRead).value_or(m_cacheRead);
}

std::optional<TokenUsage> UsageTally::usage() const
{
    if (!m_input && !m_output)
        return std::nullopt;
    return TokenUsage{m_input.value_or(0) + m_cacheWritten + m_cacheRead, m_output.value_or(0)};
}

} // namespace hearth::metering
