// hearth-testbackend: TestBackend as a program. `--help` lists its flags; testbackend.h its routes.

#include "sleepcycle.h"
#include "testbackend.h"
#include "usersignals.h"
#include "wakelistener.h"

#include <CLI/CLI.hpp>

#include <QCoreApplication>

#include <sys/resource.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace hearth;
using namespace hearth::testbackend;

constexpr int exitFailure = 1;
constexpr int exitUsage = 2;

struct Flags
{
    std::string listen = "127.0.0.1:8000";
    std::string wakeListen;
    std::vector<std::string> models;
    std::string apiKey;
    /// Directives by name, as they were written.
    std::vector<std::pair<std::string, std::string>> directives;
};

/// Everything that the command line can say about the running program.
struct Settings
{
    TestBackendSettings backend;
    SleepSettings sleep;
    WakeListenerSettings wake;
};

/// Takes `HOST:PORT`, with IPv6 hosts in brackets, apart.
bool readAddress(const std::string &text, QHostAddress &address, quint16 &port)
{
    const QByteArray all = QByteArray::fromStdString(text);
    const qsizetype colon = all.lastIndexOf(':');
    if (colon < 0)
        return false;
    QByteArray host = all.first(colon);
    if (host.startsWith('[') && host.endsWith(']'))
        host = host.mid(1, host.size() - 2);
    bool ok = false;
    port = all.mid(colon + 1).toUShort(&ok);
    return ok && address.setAddress(host == "localhost" ? QStringLiteral("127.0.0.1") : QString::fromUtf8(host));
}

void declareSleepFlags(CLI::App &app, Flags &flags, Settings &settings)
{
    app.add_flag("--asleep", settings.sleep.startsAsleep, "Refuse connections until something wakes the backend");
    app.add_option("--wake-listen", flags.wakeListen,
                   "HOST:PORT where POST /wake and POST /sleep switch the backend and GET /stats counts that");
    app.add_option_function<int>(
           "--boot-ms", [&settings](int value) { settings.sleep.boot = std::chrono::milliseconds(value); },
           "Milliseconds from a wake, or from the start of the program, until the backend listens")
        ->check(CLI::Range(0, 3'600'000));
    app.add_flag("--boot-fails", settings.sleep.bootFails, "Never come up");
    app.add_option("--wake-status", settings.wake.wakeStatus, "Status that answers POST /wake; only 2xx wakes")
        ->check(CLI::Range(200, 599));
    app.add_flag("--wake-hang", settings.wake.wakeHangs, "Never answer POST /wake");
}

void declareFlags(CLI::App &app, Flags &flags, TestBackendSettings &settings)
{
    const auto directive = [&](const std::string &flag, const std::string &name, const std::string &help) {
        app.add_option_function<std::string>(
               flag, [&flags, name](const std::string &value) { flags.directives.emplace_back(name, value); }, help)
            ->type_name("VALUE");
    };
    app.add_option("--listen", flags.listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
    app.add_option("--model", flags.models, "Name of a model, repeatable (default test-model)");
    app.add_option("--rate", settings.rate, "Events per second of a stream; 0 for no limit")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--tokens", settings.tokens, "Words of an answer whose request does not say")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--api-key", flags.apiKey,
                   "Key that every /v1 route then wants as Authorization: Bearer or x-api-key");
    directive("--delay", "delay", "Milliseconds before the head of every model's answer");
    directive("--status", "status", "Status of every model's answer");
    directive("--cut-after", "cut", "Close the connection after so many events; 0 closes it unanswered");
    directive("--malformed", "malformed", "chunk, head, length, json or headers");
    app.add_flag_callback(
        "--hang", [&flags] { flags.directives.emplace_back("hang", ""); }, "Never answer");
}

Result<void> applyFlags(const Flags &flags, Settings &all)
{
    TestBackendSettings &settings = all.backend;
    if (!readAddress(flags.listen, settings.address, settings.port))
        return Error{ErrorCode::Configuration, QStringLiteral("--listen wants HOST:PORT with an IP address.")};
    if (!flags.wakeListen.empty() && !readAddress(flags.wakeListen, all.wake.address, all.wake.port))
        return Error{ErrorCode::Configuration, QStringLiteral("--wake-listen wants HOST:PORT with an IP address.")};
    for (const auto &[name, value] : flags.directives) {
        if (const Result<void> set = setDirective(settings.directives, name, value); !set)
            return set;
    }
    settings.apiKey = QByteArray::fromStdString(flags.apiKey);
    if (!flags.models.empty())
        settings.models.clear();
    for (const std::string &model : flags.models)
        settings.models.append(QByteArray::fromStdString(model));
    return {};
}

/// Every stream needs a descriptor, and the usual soft limit is 1024.
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int fail(const Error &error, int exitCode)
{
    std::fprintf(stderr, "hearth-testbackend: %s\n", qUtf8Printable(error.message));
    return exitCode;
}

void say(const char *what, const QByteArray &url)
{
    std::printf("%s %s\n", what, url.constData());
    std::fflush(stdout);
}

int run(const Settings &settings, bool hasWakeListener)
{
    SystemClock clock;
    TestBackend backend(settings.backend, clock);
    SleepCycle cycle(backend, settings.sleep, clock);
    QObject::connect(&cycle, &SleepCycle::awoke, &backend, [&backend] { say("listening on", backend.url()); });
    QObject::connect(&cycle, &SleepCycle::fellAsleep, &backend, [&backend] { say("asleep on", backend.url()); });
    UserSignals signalled;
    QObject::connect(&signalled, &UserSignals::first, &cycle, [&cycle] { cycle.wake(); });
    QObject::connect(&signalled, &UserSignals::second, &cycle, &SleepCycle::sleep);

    WakeListener wakeListener(settings.wake, cycle);
    if (hasWakeListener) {
        if (const Result<void> listening = wakeListener.listen(); !listening)
            return fail(listening.error(), exitFailure);
        say("waking on", wakeListener.url());
    }
    if (const Result<void> started = cycle.start(); !started)
        return fail(started.error(), exitFailure);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    // GLib's dispatcher needs several times as long for a turn of the loop with hundreds of sockets.
    qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    CLI::App app("A deterministic OpenAI-compatible backend for demo, tests and bench");
    Flags flags;
    Settings settings;
    declareFlags(app, flags, settings.backend);
    declareSleepFlags(app, flags, settings);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : exitUsage;
    }
    if (const Result<void> applied = applyFlags(flags, settings); !applied)
        return fail(applied.error(), exitUsage);

    raiseDescriptorLimit();
    return run(settings, !flags.wakeListen.empty());
}
