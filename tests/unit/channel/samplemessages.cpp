#include "samplemessages.h"

#include <QJsonArray>

namespace hearth::channel {

namespace {

const TaskId task{9007199254740991};

LlmEntry fullLlm()
{
    return {.name = QStringLiteral("vllm-local"),
            .type = QStringLiteral("openai"),
            .model = QStringLiteral("Qwen/Qwen2.5-7B-Instruct-AWQ"),
            .pool = QStringLiteral("qwen"),
            .streamUsage = true,
            .tier = QStringLiteral("fast"),
            .description = QStringLiteral(u"Qwen \"under\" my desk\n\u00e4\U0001F600"),
            .extraConfig = QJsonObject{{QStringLiteral("tags"), QJsonArray{QStringLiteral("a"), 1.5, true}}},
            .maxConcurrency = 4,
            .initialStatus = ReportedState::Hibernating,
            .wake = RecipeInfo{.kind = RecipeKind::Command, .recipeTimeoutSeconds = 90, .maxWaitSeconds = 120}};
}

AgentEntry fullAgent()
{
    return {.name = QStringLiteral("local-coder"),
            .llm = QStringLiteral("vllm-local"),
            .description = QStringLiteral("Writes \"code\""),
            .systemPrompt = QStringLiteral(u"You are a careful programmer.\n\t\u00e4\U0001F600"),
            .defaultParams =
                QJsonObject{{QStringLiteral("temperature"), 0.2}, {QStringLiteral("seed"), qint64{9007199254740993}}},
            .extras = QJsonObject{{QStringLiteral("tags"), QJsonArray{QStringLiteral("a"), 1.5, true}}},
            .project = QStringLiteral("hearth")};
}

} // namespace

NamedMessages fullMessages()
{
    const LlmEntry entry = fullLlm();
    const AgentEntry agent = fullAgent();
    const HttpFields headers{{"content-type", "application/json; charset=\"utf-8\""},
                             {"x-odd", "tab\tback\\slash \"marks\" {}[]"},
                             {"x-latin-1", "caf\xe9"},
                             {"x-utf-8", "\xe2\x82\xac"},
                             {"!#$%&'*+-.^_`|~09azAZ", ""},
                             {"x-odd", "again"}};
    return {
        {"hello", Hello{.serverVersion = QStringLiteral("0.1.0"), .heartbeatSeconds = 15}},
        {"register",
         Register{.publisher = QStringLiteral("gpu-box"),
                  .version = QStringLiteral("0.1.0"),
                  .providerSessionId = ProviderSessionId(QStringLiteral("6f1c")),
                  .llms = {entry, LlmEntry{.name = QStringLiteral("plain")},
                           LlmEntry{.name = QStringLiteral("alone"), .pool = QString::fromLatin1("")}},
                  .agents = {agent, AgentEntry{.name = QStringLiteral("plain-agent"), .llm = QStringLiteral("plain")},
                             AgentEntry{.name = QStringLiteral("pooled"), .pool = QStringLiteral("qwen")}}}},
        {"registered", Registered{.providerSessionId = ProviderSessionId(QStringLiteral("6f1c")),
                                  .epoch = 9007199254740991,
                                  .llms = {{QStringLiteral("a"), EntryStatus::Accepted, QString()},
                                           {QStringLiteral("b"), EntryStatus::Conflict, QStringLiteral("Rename it.")},
                                           {QStringLiteral("c"), EntryStatus::Invalid, QStringLiteral("Bad name.")}},
                                  .agents = {{QStringLiteral("d"), EntryStatus::Accepted, QString()},
                                             {QStringLiteral("e"), EntryStatus::Conflict, QStringLiteral("No.")}}}},
        {"heartbeat", Heartbeat{.llms = {{QStringLiteral("a"), ReportedState::Active, 3},
                                         {QStringLiteral("b"), ReportedState::Hibernating, 0},
                                         {QStringLiteral("c"), ReportedState::Inactive, 0},
                                         {QStringLiteral("d"), ReportedState::Paused, 1},
                                         {QStringLiteral("e"), ReportedState::Draining, 2}}}},
        {"heartbeatAck", HeartbeatAck{}},
        {"goodbye", Goodbye{.reason = QStringLiteral("restart")}},
        {"error", ErrorNotice{.code = QStringLiteral("conflict"), .message = QStringLiteral("No.")}},
        {"infer", Infer{.task = task,
                        .llm = QStringLiteral("vllm-local"),
                        .path = "/chat/completions",
                        .query = "a=1&b=%20",
                        .headers = headers,
                        .size = 9007199254740991,
                        .attempt = 2}},
        {"wake", Wake{.task = task, .llm = QStringLiteral("vllm-local")}},
        {"cancel", Cancel{.task = task}},
        {"window", Window{.task = task, .bytes = 65536}},
        {"wakeProgress",
         WakeProgress{.task = task, .phase = WakePhase::Polling, .elapsedSeconds = 12, .limitSeconds = 120}},
        {"wakeResult",
         WakeResult{.task = task, .ok = true, .durationMs = 12345, .message = QStringLiteral("exit status 1")}},
        {"responseHead", ResponseHead{.task = task, .status = 599, .headers = headers}},
        {"responseEnd", ResponseEnd{.task = task}},
        {"taskError", TaskError{.task = task,
                                .code = QStringLiteral("backend_unreachable"),
                                .message = QStringLiteral("Connection refused")}},
        {"cancelled", Cancelled{.task = task}},
    };
}

NamedMessages minimalMessages()
{
    return {
        {"hello", Hello{}},
        {"register", Register{}},
        {"register of a plain entry",
         Register{.publisher = {}, .version = {}, .llms = {LlmEntry{}}, .agents = {AgentEntry{}}}},
        {"registered", Registered{}},
        {"heartbeat", Heartbeat{}},
        {"goodbye", Goodbye{}},
        {"error", ErrorNotice{}},
        {"infer", Infer{}},
        {"wake", Wake{}},
        {"cancel", Cancel{}},
        {"window", Window{.bytes = 1}},
        {"wakeProgress", WakeProgress{}},
        {"wakeResult", WakeResult{}},
        {"responseHead", ResponseHead{}},
        {"responseEnd", ResponseEnd{}},
        {"taskError", TaskError{}},
        {"cancelled", Cancelled{}},
    };
}

} // namespace hearth::channel
