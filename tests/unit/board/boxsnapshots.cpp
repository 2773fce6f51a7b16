#include "boxsnapshots.h"

namespace hearth::board {

using namespace std::chrono_literals;
using channel::ReportedState;
using status::Attention;
using status::LlmSnapshot;
using status::PublisherSnapshot;
using status::Situation;

LlmSnapshot activeLlm(const QString &name)
{
    return {.name = name,
            .model = QStringLiteral("Qwen/Qwen2.5-7B-Instruct-AWQ"),
            .backend = QStringLiteral("127.0.0.1:8000"),
            .isPublished = true,
            .state = ReportedState::Active,
            .outcome = channel::EntryOutcome{name, channel::EntryStatus::Accepted, {}},
            .maxConcurrency = 4,
            .lastRequestAge = 3min};
}

LlmSnapshot sleepingLlm(const QString &name)
{
    LlmSnapshot llm = activeLlm(name);
    llm.model = QStringLiteral("meta-llama/Llama-3.3-70B-Instruct");
    llm.backend = QStringLiteral("10.0.0.50:8000");
    llm.state = ReportedState::Hibernating;
    llm.canBeWoken = true;
    llm.lastRequestAge = 2h;
    return llm;
}

LlmSnapshot wakingLlm(const QString &name)
{
    LlmSnapshot llm = sleepingLlm(name);
    llm.wake = publisher::WakeStatus{channel::WakePhase::Polling, 12s, 120s};
    llm.canBeWoken = false;
    return llm;
}

LlmSnapshot unpublishedLlm(const QString &name)
{
    return {.name = name, .model = name, .backend = QStringLiteral("127.0.0.1:11434"), .maxConcurrency = 2};
}

status::RequestSnapshot request(quint64 task, const QString &llm, Duration age)
{
    return {.task = TaskId(task),
            .llm = llm,
            .path = QStringLiteral("/chat/completions"),
            .isStream = true,
            .age = age,
            .tokens = 40 * std::chrono::duration_cast<std::chrono::seconds>(age).count(),
            .tokensPerSecond = 41.3};
}

PublisherSnapshot idleSnapshot()
{
    PublisherSnapshot snapshot;
    snapshot.situation = Situation::Here;
    snapshot.program = QStringLiteral("hearth-tray");
    snapshot.processId = 4711;
    snapshot.configFile = QStringLiteral("/home/mia/.config/hearth/publisher.yaml");
    snapshot.name = QStringLiteral("gpu-box");
    snapshot.server = QUrl(QStringLiteral("https://hearth.example.org"));
    snapshot.state = publisher::ConnectionState::Online;
    snapshot.connection = status::ConnectionSnapshot{QStringLiteral("0.1.0"), 7, 2h + 5min, 23ms, 4s};
    snapshot.llms = {activeLlm(QStringLiteral("qwen-coder")), sleepingLlm(QStringLiteral("llama-70b")),
                     unpublishedLlm(QStringLiteral("nomic-embed-text"))};
    for (int minute = 0; minute < 60; ++minute) {
        const int requests = minute % 13 < 4 ? minute % 7 : 0;
        snapshot.lastHour.push_back({requests, requests * 311});
    }
    return snapshot;
}

PublisherSnapshot busySnapshot()
{
    PublisherSnapshot snapshot = idleSnapshot();
    LlmSnapshot &llm = snapshot.llms.front();
    llm.running = 2;
    llm.tokensPerSecond = 82.6;
    llm.lastRequestAge = 5s;
    snapshot.requests = {request(8, llm.name, 5s), request(7, llm.name, 94s)};
    snapshot.lastHour.back() = {5, 2140};
    return snapshot;
}

PublisherSnapshot wakingSnapshot()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.llms[1] = wakingLlm(snapshot.llms[1].name);
    return snapshot;
}

PublisherSnapshot offlineSnapshot()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.state = publisher::ConnectionState::Offline;
    snapshot.connection.reset();
    snapshot.problem = QStringLiteral("The server cannot be reached: Connection refused.");
    snapshot.retryIn = 7s;
    return snapshot;
}

PublisherSnapshot elsewhereSnapshot()
{
    PublisherSnapshot snapshot = busySnapshot();
    snapshot.situation = Situation::Elsewhere;
    snapshot.program = QStringLiteral("hearth-publisher");
    return snapshot;
}

PublisherSnapshot unconfiguredSnapshot()
{
    PublisherSnapshot snapshot;
    snapshot.configFile = idleSnapshot().configFile;
    return snapshot;
}

PublisherSnapshot brokenSnapshot()
{
    PublisherSnapshot snapshot = unconfiguredSnapshot();
    snapshot.situation = Situation::Broken;
    const QString file = snapshot.configFile;
    snapshot.attentions = {
        {Attention::Kind::ConfigBroken, {}, file + QStringLiteral(":12: llms[1].wake.url: must be an absolute URL")},
        {Attention::Kind::ConfigBroken, {}, file + QStringLiteral(":3: keyFile: there is no such file")}};
    return snapshot;
}

PublisherSnapshot nowhereSnapshot()
{
    PublisherSnapshot snapshot = unconfiguredSnapshot();
    snapshot.situation = Situation::Nowhere;
    snapshot.program = QStringLiteral("hearth-publisher");
    return snapshot;
}

} // namespace hearth::board
