#include "publisherfixture.h"

using namespace hearth;
using namespace hearth::publisher;

PublisherFixture::PublisherFixture()
{
    settings.name = QStringLiteral("gpu-box");
    settings.stateFile = directory.filePath(QStringLiteral("state.json"));
    settings.llms.push_back(llm(QStringLiteral("vllm-local")));
}

LlmSettings PublisherFixture::llm(const QString &name) const
{
    LlmSettings entry;
    entry.name = name;
    entry.model = QStringLiteral("test-model");
    entry.url = backend.url();
    entry.publish = true;
    return entry;
}

void PublisherFixture::make()
{
    publisher.reset();
    publisher = std::make_unique<Publisher>(settings, PublisherParts{.dialer = dialer,
                                                                     .client = client,
                                                                     .clock = clock,
                                                                     .key = [this] { return key; },
                                                                     .random = [this] { return random; },
                                                                     .startRecipe = recipes.starter(),
                                                                     .watchesRequests = watchesRequests});
}

void PublisherFixture::connect()
{
    make();
    publisher->start();
    greet();
}

bool PublisherFixture::goOnline()
{
    connect();
    return isTaken();
}

bool PublisherFixture::goOnlineAsleep()
{
    settings.llms.front().wake = wakeRecipe();
    backend.stop();
    return goOnline() && firstLlm().state == channel::ReportedState::Hibernating;
}

bool PublisherFixture::reconnect()
{
    server->channel->breakOff();
    if (!QTest::qWaitFor([this] { return publisher->state() == ConnectionState::Offline; }, 5000))
        return false;
    clock.advance(std::chrono::seconds(1));
    greet();
    return isTaken();
}

void PublisherFixture::greet()
{
    server = dialer.accept();
    server->send(channel::Hello{QStringLiteral("0.1.0"), 15});
}

bool PublisherFixture::isTaken()
{
    if (!server->waitFor<channel::Register>())
        return false;
    acceptAll();
    return QTest::qWaitFor([this] { return publisher->state() == ConnectionState::Online; }, 5000);
}

void PublisherFixture::wake(TaskId task) const
{
    server->send(channel::Wake{task, QStringLiteral("vllm-local")});
}

bool PublisherFixture::wakeAndRun(TaskId task, size_t runs) const
{
    wake(task);
    return QTest::qWaitFor([this, runs] { return recipes.runs.size() == runs; }, 5000);
}

std::function<bool(const channel::Heartbeat &)> PublisherFixture::reports(channel::ReportedState state)
{
    return [state](const channel::Heartbeat &heartbeat) { return heartbeat.llms.first().state == state; };
}

void PublisherFixture::acceptAll(const QString &session)
{
    channel::Registered answer{ProviderSessionId(session), 1, {}};
    const channel::Register message = server->all<channel::Register>().last();
    for (const channel::LlmEntry &entry : message.llms)
        answer.llms.append({entry.name, channel::EntryStatus::Accepted, {}});
    for (const channel::AgentEntry &entry : message.agents)
        answer.agents.append({entry.name, channel::EntryStatus::Accepted, {}});
    server->send(answer);
}

WakeRecipe PublisherFixture::wakeRecipe()
{
    return {CommandRecipe{QStringLiteral("/bin/true"), {}}, std::chrono::seconds(30), std::chrono::seconds(60)};
}

channel::Infer PublisherFixture::inferMessage(TaskId task, const QByteArray &path, qint64 size)
{
    return {.task = task,
            .llm = QStringLiteral("vllm-local"),
            .path = path,
            .query = {},
            .headers = {{"content-type", "application/json"}},
            .size = size,
            .attempt = 1};
}

void PublisherFixture::infer(TaskId task, const QByteArray &body, const QByteArray &path)
{
    server->send(inferMessage(task, path, body.size()));
    server->sendBody(task, body);
}
