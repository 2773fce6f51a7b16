#include "parse.h"

#include "usageproblem.h"

#include <CLI/CLI.hpp>
#include <QTextStream>

namespace hearth::commandline {

namespace {

constexpr int usageExitCode = 2;

} // namespace

std::optional<EarlyExit> parse(CLI::App &app, int argc, char *argv[])
{
    try {
        app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::Success &asked) {
        return EarlyExit{app.exit(asked)};
    } catch (const CLI::ParseError &error) {
        QTextStream(stderr) << QString::fromStdString(app.get_name()) << ": " << usageProblem(app, error) << Qt::endl
                            << whereToLook(app) << Qt::endl;
        return EarlyExit{usageExitCode};
    }
}

} // namespace hearth::commandline
