// Checks of single values on the command line.
//
// Given to CLI::Option::check(). What they say follows the option's name and has no full stop: `must not be empty`.
// They have no description of their own, which CLI11 would mix into the option's type_name.

#pragma once

#include <CLI/CLI.hpp>
#include <QtGlobal>

namespace hearth::commandline {

/// An empty value is what comes of a variable of the shell that is not set; it must not pass for "not given".
CLI::Validator notEmpty();

/// A whole number between these two, both included, in decimal digits without zeros in front.
CLI::Validator wholeNumber(qint64 minimum, qint64 maximum);

} // namespace hearth::commandline
