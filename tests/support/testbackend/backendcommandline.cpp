#include "backendcommandline.h"

#include "makeapp.h"
#include "valuechecks.h"

#include <optional>
#include <utility>

namespace hearth::testbackend {

namespace {

using commandline::EarlyExit;
using commandline::wholeNumber;

struct Endpoint
{
    QHostAddress address;
    quint16 port = 0;
};

/// Takes `HOST:PORT`, with IPv6 hosts in brackets, apart.
std::optional<Endpoint> endpoint(const std::string &text)
{
    const QByteArray all = QByteArray::fromStdString(text);
    const qsizetype colon = all.lastIndexOf(':');
    if (colon < 0)
        return std::nullopt;
    QByteArray host = all.first(colon);
    if (host.startsWith('[') && host.endsWith(']'))
        host = host.mid(1, host.size() - 2);
    Endpoint endpoint;
    bool isPort = false;
    endpoint.port = all.mid(colon + 1).toUShort(&isPort);
    const bool isAddress =
        endpoint.address.setAddress(host == "localhost" ? QStringLiteral("127.0.0.1") : QString::fromUtf8(host));
    return isPort && isAddress ? std::optional(endpoint) : std::nullopt;
}

CLI::Validator isEndpoint()
{
    return {[](const std::string &value) {
                return std::string(endpoint(value) ? "" : "must be HOST:PORT with an IP address");
            },
            ""};
}

/// What the backend itself accepts.
CLI::Validator isDirective(const char *name)
{
    return {[name](const std::string &value) {
                Directives scratch;
                const Result<void> set = setDirective(scratch, name, value);
                return set ? std::string() : "cannot be used: " + set.error().message.chopped(1).toStdString();
            },
            ""};
}

} // namespace

BackendCommandLine::BackendCommandLine()
    : m_app(commandline::makeApp({.name = "hearth-testbackend",
                                  .description = "A deterministic OpenAI-compatible backend without a model, for "
                                                 "trying things out, tests and benchmarks.",
                                  .manual = "hearth-testbackend(1)"}))
{
    addBackendOptions();
    addFaultOptions();
    addSleepOptions();
}

BackendCommandLine::~BackendCommandLine() = default;

const CLI::App &BackendCommandLine::app() const
{
    return *m_app;
}

void BackendCommandLine::addBackendOptions()
{
    TestBackendSettings &backend = m_options.backend;
    m_app
        ->add_option_function<std::string>(
            "--listen",
            [&backend](const std::string &value) {
                const Endpoint at = *endpoint(value);
                backend.address = at.address;
                backend.port = at.port;
            },
            "Address and port to listen on; port 0 takes a free one. Default: 127.0.0.1:8000.")
        ->type_name("HOST:PORT")
        ->check(isEndpoint());
    m_app->add_option("--model", m_models, "Name of a model. Default: test-model.")
        ->type_name("NAME")
        ->check(commandline::notEmpty());
    m_app
        ->add_option("--rate", backend.rate,
                     "Events per second of a stream, at most 1000000; 0 for no limit. Default: 20.")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000));
    m_app
        ->add_option("--tokens", backend.tokens,
                     "Words of an answer whose request does not say, at most 1000000. Default: 12.")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000));
    m_app
        ->add_option_function<std::string>(
            "--api-key", [&backend](const std::string &value) { backend.apiKey = QByteArray::fromStdString(value); },
            "Key that every /v1 route then wants as Authorization: Bearer or x-api-key.")
        ->type_name("KEY");
}

void BackendCommandLine::addFaultOptions()
{
    Directives &directives = m_options.backend.directives;
    const auto add = [this, &directives](const char *option, const char *directive, const char *type,
                                         const char *description) {
        m_app
            ->add_option_function<std::string>(
                option,
                [&directives, directive](const std::string &value) {
                    [[maybe_unused]] const Result<void> set = setDirective(directives, directive, value);
                    Q_ASSERT_X(set, "BackendCommandLine", "isDirective() has accepted what cannot be set");
                },
                description)
            ->type_name(type)
            ->check(isDirective(directive));
    };
    add("--delay", "delay", "MILLISECONDS", "Wait before the head of every model's answer.");
    add("--status", "status", "CODE", "Status of every model's answer, from 200 to 599.");
    add("--cut-after", "cut", "EVENTS", "Close the connection after so many events; 0 closes it unanswered.");
    add("--malformed", "malformed", "chunk|head|length|json|headers", "Break this part of every model's answer.");
    m_app->add_flag("--hang", directives.hang, "Never answer a request to a model.");
}

void BackendCommandLine::addSleepOptions()
{
    SleepSettings &sleep = m_options.sleep;
    WakeListenerSettings &wake = m_options.wake;
    m_app->add_flag("--asleep", sleep.startsAsleep, "Refuse connections until something wakes the backend.");
    m_app
        ->add_option_function<std::string>(
            "--wake-listen",
            [this, &wake](const std::string &value) {
                const Endpoint at = *endpoint(value);
                wake.address = at.address;
                wake.port = at.port;
                m_options.hasWakeListener = true;
            },
            "Where POST /wake and POST /sleep switch the backend, and GET /stats counts that.")
        ->type_name("HOST:PORT")
        ->check(isEndpoint());
    m_app
        ->add_option_function<int>(
            "--boot-ms", [&sleep](int value) { sleep.boot = std::chrono::milliseconds(value); },
            "How long it takes from a wake, or from the start of the program, until the backend listens, at most an "
            "hour. Default: 0.")
        ->type_name("MILLISECONDS")
        ->check(wholeNumber(0, 3'600'000));
    m_app->add_flag("--boot-fails", sleep.bootFails, "Never come up.");
    m_app
        ->add_option("--wake-status", wake.wakeStatus,
                     "Status that answers POST /wake, from 200 to 599; only 2xx wakes. Default: 200.")
        ->type_name("CODE")
        ->check(wholeNumber(200, 599));
    m_app->add_flag("--wake-hang", wake.wakeHangs, "Never answer POST /wake.");
}

std::variant<BackendOptions, EarlyExit> BackendCommandLine::parse(int argc, char *argv[])
{
    if (const std::optional<EarlyExit> exit = commandline::parse(*m_app, argc, argv))
        return *exit;
    BackendOptions options = m_options;
    if (!m_models.empty())
        options.backend.models.clear();
    for (const std::string &model : m_models)
        options.backend.models.append(QByteArray::fromStdString(model));
    return options;
}

} // namespace hearth::testbackend
