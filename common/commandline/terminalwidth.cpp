#include "terminalwidth.h"

#include <QtGlobal>

#include <algorithm>

#include <sys/ioctl.h>
#include <unistd.h>

namespace hearth::commandline {

namespace {

constexpr int usualWidth = 80;

int reportedWidth()
{
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const int columns = qEnvironmentVariableIntValue("COLUMNS");
    return columns > 0 ? columns : usualWidth;
}

} // namespace

int terminalWidth()
{
    return std::clamp(reportedWidth(), narrowestTerminal, widestTerminal);
}

} // namespace hearth::commandline
