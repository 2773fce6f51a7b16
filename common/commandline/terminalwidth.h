// terminalWidth(): how many columns there are for what a program prints.
//
// Called by makeApp(). Looks at standard output and the environment.

#pragma once

namespace hearth::commandline {

/// Nothing narrower can be laid out, and nothing wider is pleasant to read.
constexpr int narrowestTerminal = 40;
constexpr int widestTerminal = 100;

/// Of the terminal behind standard output; else what $COLUMNS says, else 80. Always within the bounds above.
int terminalWidth();

} // namespace hearth::commandline
