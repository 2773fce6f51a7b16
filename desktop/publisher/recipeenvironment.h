// recipeEnvironment(): what of the publisher's environment the program of a recipe gets.
//
// Chosen by name from a fixed list, for the publisher's own environment may hold keys. Used by CommandRecipeRun.

#pragma once

#include <QByteArray>
#include <QList>

namespace hearth::publisher {

/// `NAME=value` each: what says who and where the user is, the language, the time zone, and the way to the user's
/// session and display. PATH is always among them.
QList<QByteArray> recipeEnvironment();

} // namespace hearth::publisher
