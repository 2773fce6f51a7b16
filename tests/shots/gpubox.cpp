#include "gpubox.h"

namespace hearth::shots {

using namespace std::chrono_literals;
using status::Attention;
using status::PublisherSnapshot;

namespace {

const QString coder = QStringLiteral("qwen2.5-coder:32b");
const QString ollama = QStringLiteral("127.0.0.1:11434");

} // namespace

const QString configFile = QStringLiteral("/home/mia/.config/hearth/publisher.yaml");

PublisherSnapshot onThisBox(PublisherSnapshot snapshot)
{
    for (status::RequestSnapshot &request : snapshot.requests)
        request.llm = coder;
    if (snapshot.llms.empty())
        return snapshot;
    status::LlmSnapshot &first = snapshot.llms.front();
    first.name = coder;
    first.model = coder;
    first.backend = ollama;
    status::LlmSnapshot small = board::activeLlm(QStringLiteral("llama3.2:3b"));
    small.model = small.name;
    small.backend = ollama;
    small.lastRequestAge = 26min;
    small.state = first.state;
    small.outcome = first.outcome;
    snapshot.llms.insert(snapshot.llms.begin() + 1, small);
    return snapshot;
}

PublisherSnapshot pausedSnapshot()
{
    PublisherSnapshot snapshot = board::idleSnapshot();
    snapshot.intake = publisher::Intake::Paused;
    snapshot.pauseReason = QStringLiteral("on battery");
    for (status::LlmSnapshot &llm : snapshot.llms) {
        if (llm.isPublished)
            llm.state = channel::ReportedState::Paused;
    }
    return onThisBox(snapshot);
}

PublisherSnapshot attentionSnapshot()
{
    PublisherSnapshot snapshot = onThisBox(board::idleSnapshot());
    snapshot.llms.front().state = channel::ReportedState::Inactive;
    snapshot.attentions = {
        {Attention::Kind::BackendLost, coder,
         QStringLiteral("The backend of %1 was there and does not answer any more. Start it again, or give it a wake "
                        "recipe.")
             .arg(coder)},
        {Attention::Kind::WakeFailed, QStringLiteral("llama-70b"),
         QStringLiteral("llama-70b could not be woken: The recipe answered with HTTP status 500.")},
    };
    return snapshot;
}

PublisherSnapshot emptySnapshot()
{
    PublisherSnapshot snapshot = board::idleSnapshot();
    snapshot.llms.clear();
    snapshot.lastHour.assign(snapshot.lastHour.size(), {});
    return snapshot;
}

draft::ConfigDraft configuration()
{
    const Result<draft::ConfigDraft> draft = draft::ConfigDraft::fromText(R"(server: https://hearth.example.org
name: gpu-box
keyStore: keyring
llms:
  - name: qwen2.5-coder:32b
    model: qwen2.5-coder:32b
    url: http://127.0.0.1:11434/v1
    publish: true
    maxConcurrency: 4
    description: For code, on the 4090 under my desk
  - name: llama3.2:3b
    model: llama3.2:3b
    url: http://127.0.0.1:11434/v1
    publish: true
  - name: llama-70b
    model: meta-llama/Llama-3.3-70B-Instruct
    url: http://10.0.0.50:8000/v1
    publish: true
    wake: {type: http, url: "http://10.0.0.50:9090/wake/vllm", headers: {X-Token: secret}, maxWaitSeconds: 120}
    sleep: {type: command, command: /usr/local/bin/stop-vllm, args: [--profile, llama], idleMinutes: 30}
  - name: nomic-embed-text
    model: nomic-embed-text
    url: http://127.0.0.1:11434/v1
    publish: false
agents:
  - name: local-coder
    llm: qwen2.5-coder:32b
    systemPrompt: You are a careful programmer.
    defaultParams: {temperature: 0.2}
desktop:
  pause:
    onBattery: true
    programs: [steam, blender]
    schedule: ["mon-fri 18:00-23:00"]
)",
                                                                          configFile);
    if (!draft)
        qFatal("%s", qPrintable(draft.error().message));
    return *draft;
}

std::vector<discovery::FoundBackend> backends()
{
    return {{QUrl(QStringLiteral("http://127.0.0.1:11434/v1")),
             QStringLiteral("Ollama"),
             {coder, QStringLiteral("llama3.2:3b"), QStringLiteral("nomic-embed-text:latest")}},
            {QUrl(QStringLiteral("http://127.0.0.1:8000/v1")),
             QStringLiteral("vLLM"),
             {QStringLiteral("meta-llama/Llama-3.3-70B-Instruct")}}};
}

std::vector<LogRecord> logLines()
{
    const WallTime start{1'790'000'000s};
    const QString publisher = QStringLiteral("hearth.publisher");
    return {
        {start, LogLevel::Info, publisher, QStringLiteral("Connected to https://hearth.example.org as gpu-box.")},
        {start + 1s, LogLevel::Info, publisher, QStringLiteral("Registered 3 models; all were accepted.")},
        {start + 340s, LogLevel::Warning, QStringLiteral("hearth.recipe"),
         QStringLiteral("The recipe of llama-70b answered with HTTP status 503; it is tried once more.")},
        {start + 342s, LogLevel::Info, QStringLiteral("hearth.recipe"),
         QStringLiteral("llama-70b is awake after 41.3 s.")},
        {start + 977s, LogLevel::Error, publisher,
         QStringLiteral("The server cannot be reached: Connection refused. Trying again in 7 s.")},
        {start + 984s, LogLevel::Info, publisher, QStringLiteral("Connected again; 2 requests went on.")},
    };
}

} // namespace hearth::shots
