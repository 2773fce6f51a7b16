#include "wakefixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

WakeFixture::WakeFixture()
{
    backend.stop();
}

LlmSettings &WakeFixture::add(const QString &name, const QByteArray &url)
{
    LlmSettings settings;
    settings.name = name;
    settings.url = url.isEmpty() ? backend.url() : url;
    settings.publish = true;
    settings.wake = wakeRecipe();
    return m_settings.emplace_back(settings);
}

WakeRecipe WakeFixture::wakeRecipe(const QString &program)
{
    return {CommandRecipe{program, {}}, 30s, 60s};
}

SleepRecipe WakeFixture::sleepRecipe(const QString &program)
{
    return {CommandRecipe{program, {}}, 30s, 10min};
}

bool WakeFixture::make(bool isUp)
{
    if (m_settings.empty())
        add(QStringLiteral("vllm-local"));
    for (const LlmSettings &settings : m_settings)
        llms.emplace_back(settings, BackendSettings{});
    const RecipeParts parts{{client, clock}, recipes.starter()};
    watch.emplace(llms, WatchSettings{}, client, clock);
    runner.emplace(llms, WakeContext{*watch, parts, 1500ms, [this] { ++changes; }});
    sleeper.emplace(llms, *watch, parts, [this] { runner->statesChanged(); });
    QObject::connect(&*watch, &BackendWatch::changed, &*watch, [this] { runner->statesChanged(); });
    if (isUp)
        backend.start();
    QSignalSpy checked(&*watch, &BackendWatch::checked);
    watch->checkAll();
    const auto expected = isUp ? channel::ReportedState::Active : channel::ReportedState::Hibernating;
    return checked.wait() && llm().state == expected;
}

std::optional<WakeOutcome> WakeFixture::wake(RecordingWaiter &waiter, size_t index)
{
    return runner->wake(llm(index), waiter);
}
