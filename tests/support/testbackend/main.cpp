// hearth-testbackend: TestBackend as a program. `--help` lists its flags; testbackend.h its routes.

#include "backendcommandline.h"
#include "signalwatch.h"
#include "sleepcycle.h"
#include "testbackend.h"
#include "wakelistener.h"

#include <QCoreApplication>

#include <sys/resource.h>

#include <csignal>
#include <cstdio>

namespace {

using namespace hearth;
using namespace hearth::testbackend;

constexpr int exitFailure = 1;

/// Every stream needs a descriptor, and the usual soft limit is 1024.
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int fail(const Error &error)
{
    std::fprintf(stderr, "hearth-testbackend: %s\n", qUtf8Printable(error.message));
    return exitFailure;
}

void say(const char *what, const QByteArray &url)
{
    std::printf("%s %s\n", what, url.constData());
    std::fflush(stdout);
}

int run(const BackendOptions &options)
{
    SystemClock clock;
    TestBackend backend(options.backend, clock);
    SleepCycle cycle(backend, options.sleep, clock);
    QObject::connect(&cycle, &SleepCycle::awoke, &backend, [&backend] { say("listening on", backend.url()); });
    QObject::connect(&cycle, &SleepCycle::fellAsleep, &backend, [&backend] { say("asleep on", backend.url()); });
    const SignalWatch wake({SIGUSR1}, SignalWatch::Takes::Every);
    QObject::connect(&wake, &SignalWatch::received, &cycle, [&cycle] { cycle.wake(); });
    const SignalWatch sleep({SIGUSR2}, SignalWatch::Takes::Every);
    QObject::connect(&sleep, &SignalWatch::received, &cycle, &SleepCycle::sleep);

    WakeListener wakeListener(options.wake, cycle);
    if (options.hasWakeListener) {
        if (const Result<void> listening = wakeListener.listen(); !listening)
            return fail(listening.error());
        say("waking on", wakeListener.url());
    }
    if (const Result<void> started = cycle.start(); !started)
        return fail(started.error());
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    // GLib's dispatcher needs several times as long for a turn of the loop with hundreds of sockets.
    qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    const auto parsed = BackendCommandLine().parse(argc, argv);
    if (const auto *const exit = std::get_if<commandline::EarlyExit>(&parsed))
        return exit->code;

    raiseDescriptorLimit();
    return run(std::get<BackendOptions>(parsed));
}
