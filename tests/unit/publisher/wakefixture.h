// WakeFixture: BackendWatch, WakeRunner and IdleSleeper at work together, without a server.
//
// The backend and the recipes are played by the test; the time stands still until it is advanced. Test's thread.

#pragma once

#include "backendwatch.h"
#include "idlesleeper.h"
#include "scriptedbackend.h"
#include "scriptedrecipes.h"
#include "wakerunner.h"

/// Keeps what a wake says.
class RecordingWaiter final : public hearth::publisher::WakeListener
{
public:
    hearth::publisher::WakeOutcome outcome() const { return outcomes.at(0); }

    bool isTold() const { return !outcomes.empty(); }

    bool isAwake() const { return isTold() && outcome().result.ok(); }

    std::vector<hearth::publisher::WakeStatus> progress;
    std::vector<hearth::publisher::WakeOutcome> outcomes;

private:
    void wakeProgressed(const hearth::publisher::WakeStatus &status) override { progress.push_back(status); }

    void wakeEnded(const hearth::publisher::WakeOutcome &outcome) override { outcomes.push_back(outcome); }
};

class WakeFixture
{
public:
    /// The backend does not listen.
    WakeFixture();

    /// An entry at the backend, with a wake recipe; make() and applyChanges() turn all that were added into Llms.
    hearth::publisher::LlmSettings &add(const QString &name, const QByteArray &url = {});
    static hearth::publisher::WakeRecipe wakeRecipe(const QString &program = QStringLiteral("/bin/wake"));
    /// 30 s for the recipe, after 10 min.
    static hearth::publisher::SleepRecipe sleepRecipe(const QString &program = QStringLiteral("/bin/sleep"));

    /// Makes everything; `isUp` starts the backend. False when the states do not come to be what is expected.
    bool make(bool isUp = false);
    /// The publisher goes on with `settings`, as they were changed since make().
    void applyChanges();
    /// Nothing when there is something to wait for.
    std::optional<hearth::publisher::WakeOutcome> wake(RecordingWaiter &waiter, int llm = 0);

    hearth::publisher::PublishedLlm &llm(int index = 0) { return *std::next(roster->llms().begin(), index); }

    hearth::FakeClock clock;
    hearth::SystemClock systemClock;
    hearth::httpclient::HttpClient client{{}, systemClock};
    ScriptedBackend backend;
    ScriptedRecipes recipes;
    hearth::publisher::PublisherSettings settings;
    std::optional<hearth::publisher::Roster> roster;
    /// Which Llms have come up or failed to, whoever wanted it.
    QStringList woken;
    QStringList notWoken;
    /// How often the status of a wake has changed.
    int changes = 0;
    std::optional<hearth::publisher::BackendWatch> watch;
    std::optional<hearth::publisher::WakeRunner> runner;
    std::optional<hearth::publisher::IdleSleeper> sleeper;
};
