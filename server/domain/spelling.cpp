// The spellings of all domain enumerations, as JSON, wire messages and rows carry them.

#include "apikey.h"
#include "chatmessage.h"
#include "llm.h"

#include <array>

namespace hearth::domain {

namespace {

template <typename Enum, size_t Count>
std::optional<Enum> fromString(QStringView text, const std::array<Enum, Count> &all)
{
    for (const Enum value : all) {
        if (text == toString(value))
            return value;
    }
    return std::nullopt;
}

} // namespace

QLatin1String toString(LlmKind kind)
{
    switch (kind) {
    case LlmKind::Virtual:
        return QLatin1String("virtual");
    case LlmKind::Public:
        return QLatin1String("public");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(LlmStatus status)
{
    switch (status) {
    case LlmStatus::Active:
        return QLatin1String("active");
    case LlmStatus::Hibernating:
        return QLatin1String("hibernating");
    case LlmStatus::Inactive:
        return QLatin1String("inactive");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(StatusReason reason)
{
    switch (reason) {
    case StatusReason::Offline:
        return QLatin1String("offline");
    case StatusReason::BackendDown:
        return QLatin1String("backendDown");
    case StatusReason::Paused:
        return QLatin1String("paused");
    case StatusReason::Draining:
        return QLatin1String("draining");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(WakeKind kind)
{
    switch (kind) {
    case WakeKind::Http:
        return QLatin1String("http");
    case WakeKind::Command:
        return QLatin1String("command");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(Scope scope)
{
    switch (scope) {
    case Scope::Infer:
        return QLatin1String("infer");
    case Scope::Publish:
        return QLatin1String("publish");
    case Scope::Admin:
        return QLatin1String("admin");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(MessageRole role)
{
    switch (role) {
    case MessageRole::User:
        return QLatin1String("user");
    case MessageRole::Assistant:
        return QLatin1String("assistant");
    case MessageRole::Tool:
        return QLatin1String("tool");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(MessageStatus status)
{
    switch (status) {
    case MessageStatus::Pending:
        return QLatin1String("pending");
    case MessageStatus::Complete:
        return QLatin1String("complete");
    case MessageStatus::Error:
        return QLatin1String("error");
    }
    Q_UNREACHABLE();
}

std::optional<LlmKind> llmKindFromString(QStringView text)
{
    return fromString(text, std::array{LlmKind::Virtual, LlmKind::Public});
}

std::optional<LlmStatus> llmStatusFromString(QStringView text)
{
    return fromString(text, std::array{LlmStatus::Active, LlmStatus::Hibernating, LlmStatus::Inactive});
}

std::optional<StatusReason> statusReasonFromString(QStringView text)
{
    return fromString(text, std::array{StatusReason::Offline, StatusReason::BackendDown, StatusReason::Paused,
                                       StatusReason::Draining});
}

std::optional<WakeKind> wakeKindFromString(QStringView text)
{
    return fromString(text, std::array{WakeKind::Http, WakeKind::Command});
}

std::optional<Scope> scopeFromString(QStringView text)
{
    return fromString(text, std::array{Scope::Infer, Scope::Publish, Scope::Admin});
}

std::optional<MessageRole> messageRoleFromString(QStringView text)
{
    return fromString(text, std::array{MessageRole::User, MessageRole::Assistant, MessageRole::Tool});
}

std::optional<MessageStatus> messageStatusFromString(QStringView text)
{
    return fromString(text, std::array{MessageStatus::Pending, MessageStatus::Complete, MessageStatus::Error});
}

QLatin1String toString(Priority priority)
{
    switch (priority) {
    case Priority::Low:
        return QLatin1String("low");
    case Priority::Normal:
        return QLatin1String("normal");
    case Priority::High:
        return QLatin1String("high");
    }
    Q_UNREACHABLE();
}

std::optional<Priority> priorityFromString(QStringView text)
{
    return fromString(text, std::array{Priority::Low, Priority::Normal, Priority::High});
}

} // namespace hearth::domain
