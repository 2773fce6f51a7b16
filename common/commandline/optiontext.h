// How an option of a CLI::App is written and explained.
//
// One place for `--help`, usage errors and the manual, so that they cannot say different things. Pure functions; any
// thread.

#pragma once

#include <QString>

namespace CLI {
class Option;
}

namespace hearth::commandline {

/// `-h, --help`, `--config FILE`; what a positional takes is its name: `NAME`.
QString spelling(const CLI::Option &option);

/// The description, and whether the option is required or may be repeated; complete sentences.
QString explanation(const CLI::Option &option);

} // namespace hearth::commandline
