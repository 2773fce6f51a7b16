// HelpFormatter: what `--help` prints, laid out for the terminal.
//
// makeApp() gives one to every program; the commands of the program inherit it. Options stand in a column with their
// explanations beside them, or below where the name is too long. What a command takes over from its program is listed,
// too, so that the help of a command is complete.

#pragma once

#include <CLI/CLI.hpp>

namespace hearth::commandline {

class HelpFormatter final : public CLI::FormatterBase
{
public:
    /// `width`: the longest line, in characters; within the bounds of terminalwidth.h.
    explicit HelpFormatter(int width);

    /// `path`: how the command was called, from the program on: `hearthd key create`.
    std::string make_help(const CLI::App *app, std::string path, CLI::AppFormatMode mode) const override;

private:
    int m_width;
};

} // namespace hearth::commandline
