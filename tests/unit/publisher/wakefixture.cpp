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
    LlmSettings entry;
    entry.name = name;
    entry.url = url.isEmpty() ? backend.url() : url;
    entry.publish = true;
    entry.wake = wakeRecipe();
    return settings.llms.emplace_back(entry);
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
    if (settings.llms.empty())
        add(QStringLiteral("vllm-local"));
    roster.emplace(settings);
    const RecipeParts parts{{client, clock}, recipes.starter()};
    watch.emplace(*roster, WatchSettings{}, client, clock);
    const auto ended = [this](const PublishedLlm &each, const Result<void> &result) {
        (result ? woken : notWoken).append(each.settings.name);
    };
    runner.emplace(*roster, WakeContext{*watch, parts, 1500ms, [this] { ++changes; }, ended});
    sleeper.emplace(*roster, *watch, parts, [this] { runner->statesChanged(); });
    QObject::connect(&*watch, &BackendWatch::changed, &*watch, [this] { runner->statesChanged(); });
    if (isUp)
        backend.start();
    QSignalSpy checked(&*watch, &BackendWatch::checked);
    watch->checkAll();
    const auto expected = isUp ? channel::ReportedState::Active : channel::ReportedState::Hibernating;
    return checked.wait() && llm().state == expected;
}

void WakeFixture::applyChanges()
{
    roster->apply(settings);
    watch->rosterChanged({});
    runner->rosterChanged({}, 1500ms);
    sleeper->rosterChanged({});
}

std::optional<WakeOutcome> WakeFixture::wake(RecordingWaiter &waiter, int index)
{
    return runner->wake(llm(index), &waiter);
}
