#include "hostfixture.h"

#include <QFile>
#include <QSaveFile>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

/// Leads each publisher to the dialer of the fixture.
class LentDialer final : public publisher::Dialer
{
public:
    explicit LentDialer(FakeDialer &dialer)
        : m_dialer(dialer)
    {}

    void dial(const QUrl &url, const QByteArray &key, Done done) override { m_dialer.dial(url, key, std::move(done)); }

    void cancel() override { m_dialer.cancel(); }

private:
    FakeDialer &m_dialer;
};

} // namespace

HostFixture::HostFixture()
{
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(directory.path()));
    qunsetenv("RUNTIME_DIRECTORY");
    storeKey("hk_file");
    settings.parts = {.makeDialer = [this](const auto &, Clock &) { return std::make_unique<LentDialer>(dialer); },
                      .makeClient =
                          [this](const publisher::PublisherSettings &wanted, Clock &) {
                              return std::make_unique<httpclient::HttpClient>(publisher::httpClientSettings(wanted),
                                                                              systemClock);
                          },
                      .random = [] { return 0.5; },
                      .startRecipe = recipes.starter()};
}

void HostFixture::write(const QByteArray &text) const
{
    QSaveFile file(path());
    if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0 || !file.commit())
        qFatal("cannot write a configuration for the test");
}

void HostFixture::storeKey(const QByteArray &key) const
{
    QFile file(path(QStringLiteral("publisher.key")));
    if (!file.open(QIODevice::WriteOnly) || file.write(key + '\n') < 0)
        qFatal("cannot write a key for the test");
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

QByteArray HostFixture::fileText() const
{
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray HostFixture::configuration(const QByteArray &llms) const
{
    return "# Written by hand.\n"
           "server: http://127.0.0.1:4327\n"
           "keyFile: " +
           path(QStringLiteral("publisher.key")).toUtf8() +
           "\nstateFile: " + path(QStringLiteral("state.json")).toUtf8() + "\nname: gpu-box\nllms:\n" + llms;
}

QByteArray HostFixture::llm(const QByteArray &name, bool publish) const
{
    return "  - name: " + name + "\n    model: test-model\n    url: " + backend.url() +
           "\n    publish: " + (publish ? "true" : "false") + "\n";
}

QByteArray HostFixture::wakeableConfiguration() const
{
    return configuration(llm("one")) + "    wake: {type: command, command: /bin/true}\n";
}

void HostFixture::make()
{
    host = std::make_unique<host::PublisherHost>(path(), keys, clock, QProcessEnvironment(), settings);
    QObject::connect(host.get(), &host::PublisherHost::settingsChanged, host.get(), [this] { ++settingsChanges; });
    QObject::connect(host.get(), &host::PublisherHost::stopped, host.get(), [this] { ++stops; });
    QObject::connect(host.get(), &host::PublisherHost::raiseRequested, host.get(), [this] { ++raises; });
}

void HostFixture::start(const QByteArray &text)
{
    write(text);
    make();
    host->start();
}

bool HostFixture::goOnline(const QByteArray &text)
{
    start(text);
    return takeCall();
}

bool HostFixture::takeCall()
{
    if (!until([this] { return dialer.isDialing(); }))
        return false;
    server = dialer.accept();
    server->send(channel::Hello{QStringLiteral("0.1.0"), 15});
    if (!server->waitFor<channel::Register>())
        return false;
    acceptAll();
    return QTest::qWaitFor([this] { return isOnline(); }, 5000);
}

void HostFixture::acceptAll()
{
    channel::Registered answer{ProviderSessionId(QStringLiteral("session-1")), 1, {}};
    const channel::Register message = server->all<channel::Register>().last();
    for (const channel::LlmEntry &entry : message.llms)
        answer.llms.append({entry.name, channel::EntryStatus::Accepted, {}});
    server->send(answer);
}

std::optional<QStringList> HostFixture::registered(int count)
{
    if (!until([this, count] { return server->all<channel::Register>().size() >= count; }))
        return std::nullopt;
    QStringList names;
    const channel::Register message = server->all<channel::Register>().at(count - 1);
    for (const channel::LlmEntry &entry : message.llms)
        names.append(entry.name);
    return names;
}

Exchange *HostFixture::infer(TaskId task)
{
    server->send(channel::Infer{.task = task,
                                .llm = QStringLiteral("one"),
                                .path = "/chat/completions",
                                .query = {},
                                .headers = {{"content-type", "application/json"}},
                                .size = 2,
                                .attempt = 1});
    server->sendBody(task, "{}");
    return backend.waitForRequest(backend.exchanges().size() + 1);
}

bool HostFixture::until(const std::function<bool()> &holds)
{
    return QTest::qWaitFor(
        [&] {
            clock.advance(10ms);
            return holds();
        },
        5000);
}

QString HostFixture::attention(status::Attention::Kind kind) const
{
    for (const status::Attention &attention : snapshot().attentions) {
        if (attention.kind == kind)
            return attention.text;
    }
    return {};
}
