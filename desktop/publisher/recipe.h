// WakeRecipe and SleepRecipe: how the owner of a box has told the publisher to start and to stop a backend.
//
// Read from publisher.yaml, never from the network: of a wake recipe the server learns its kind and its limits, of a
// sleep recipe nothing. Plain values; RecipeRun carries them out.

#pragma once

#include "clock.h"
#include "httpfields.h"

#include <QStringList>

#include <variant>

namespace hearth::publisher {

/// A request that makes something else start or stop the backend. Any 2xx is success.
struct HttpRecipe
{
    QByteArray method = "POST";
    /// Absolute, `http` or `https`.
    QByteArray url = {};
    HttpFields fields = {};
    QByteArray body = {};

    friend bool operator==(const HttpRecipe &, const HttpRecipe &) = default;
};

/// A program that starts or stops the backend. No shell is involved; exit status 0 is success.
struct CommandRecipe
{
    /// An absolute path.
    QString program;
    QStringList arguments;

    friend bool operator==(const CommandRecipe &, const CommandRecipe &) = default;
};

using RecipeAction = std::variant<HttpRecipe, CommandRecipe>;

struct WakeRecipe
{
    RecipeAction action;
    /// What the recipe itself may take.
    Duration recipeTimeout = std::chrono::seconds(30);
    /// What the backend may take to answer once the recipe has ended well.
    Duration maxWait = std::chrono::seconds(60);

    friend bool operator==(const WakeRecipe &, const WakeRecipe &) = default;
};

struct SleepRecipe
{
    RecipeAction action;
    /// What the recipe itself may take.
    Duration recipeTimeout = std::chrono::seconds(30);
    /// How long the backend must have been without a task.
    Duration idle = std::chrono::minutes(15);

    friend bool operator==(const SleepRecipe &, const SleepRecipe &) = default;
};

} // namespace hearth::publisher
