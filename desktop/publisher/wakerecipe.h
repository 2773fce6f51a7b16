// WakeRecipe: how the owner of a box has told the publisher to start a sleeping backend.
//
// Read from publisher.yaml, never from the network: the server learns its kind and its limits and nothing else. A plain
// value.

#pragma once

#include "clock.h"
#include "httpfields.h"

#include <QStringList>

#include <variant>

namespace hearth::publisher {

/// A request that makes something else start the backend.
struct HttpRecipe
{
    QByteArray method = "POST";
    /// Absolute, `http` or `https`.
    QByteArray url = {};
    HttpFields fields = {};
    QByteArray body = {};
};

/// A program that starts the backend. No shell is involved.
struct CommandRecipe
{
    /// An absolute path.
    QString program;
    QStringList arguments;
};

struct WakeRecipe
{
    std::variant<HttpRecipe, CommandRecipe> action;
    /// What the recipe itself may take.
    Duration recipeTimeout = std::chrono::seconds(30);
    /// What the backend may take to answer once the recipe has ended well.
    Duration maxWait = std::chrono::seconds(60);
};

} // namespace hearth::publisher
