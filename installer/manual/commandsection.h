// The parts of a program's page that its command line dictates: synopsis, options and commands.
//
// Written as roff, for the places that the page's text keeps for them (manualpage.h). Pure functions.

#pragma once

#include "commanddescription.h"

namespace hearth::manual {

/// A line for each way to call the program.
QString synopsisOf(const CommandDescription &program);

/// An entry for each option of the program itself.
QString optionsOf(const CommandDescription &program);

/// A subsection for each command at the end of a path (`key create`), with its own arguments and options.
QString commandsTextOf(const CommandDescription &program);

} // namespace hearth::manual
