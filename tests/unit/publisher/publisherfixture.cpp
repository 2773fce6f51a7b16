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
                                                                     .random = [this] { return random; }});
}

void PublisherFixture::connect()
{
    make();
    publisher->start();
    server = dialer.accept();
    server->send(channel::Hello{QStringLiteral("0.1.0"), 15});
}

bool PublisherFixture::goOnline()
{
    connect();
    if (!server->waitFor<channel::Register>())
        return false;
    acceptAll();
    return QTest::qWaitFor([this] { return publisher->state() == ConnectionState::Online; }, 5000);
}

void PublisherFixture::acceptAll(const QString &session)
{
    channel::Registered answer{ProviderSessionId(session), 1, {}};
    const channel::Register message = server->all<channel::Register>().last();
    for (const channel::LlmEntry &entry : message.llms)
        answer.llms.append({entry.name, channel::EntryStatus::Accepted, {}});
    server->send(answer);
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
