// RecipeRun: one run of a recipe, from its start to its end.
//
// WakeRunner and IdleSleeper start one; what it does is made sure of here: a request is sent exactly once and follows
// no redirect; a program runs without a shell, in a process group of its own, with a clean environment and capped
// output. Whether the backend has come up is none of its business. Publisher's thread.

#pragma once

#include "httpclient.h"
#include "recipe.h"

#include <functional>
#include <memory>

namespace hearth::publisher {

struct RecipeRunSettings
{
    /// Between the polite and the hard end of a process group.
    Duration killGrace = std::chrono::seconds(5);
};

/// What runs use; everything outlives them, but the client is not needed after RecipeRun::end().
struct RecipeRunContext
{
    httpclient::HttpClient &client;
    Clock &clock;
    RecipeRunSettings settings = {};
};

class RecipeRun
{
public:
    /// The end of the recipe. Errors: WakeTimeout when its limit has run out, WakeFailed for any other cause, with
    /// words that a caller may read. After an error nothing of a program's process group is left.
    using Done = std::function<void(const Result<void> &)>;

    /// `done` is called once and never from inside this function; it may destroy the run.
    static std::unique_ptr<RecipeRun> start(const RecipeAction &action, Duration timeout,
                                            const RecipeRunContext &context, Done done);

    /// Lets go: `done` is not called any more, and a program lives on, for it may be the backend itself. A request is
    /// given up.
    virtual ~RecipeRun() = default;

    /// Ends the program's whole process group, or the request; then, when nothing of it is left, calls `ended` instead
    /// of `done`. Never calls it from inside this function. Also after `done`: a run that is kept after success still
    /// knows what its program left in the background, and ends that.
    virtual void end(std::function<void()> ended) = 0;
};

} // namespace hearth::publisher
