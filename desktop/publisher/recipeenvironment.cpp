#include "recipeenvironment.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>

namespace hearth::publisher {

namespace {

constexpr QByteArrayView allowedNames[] = {"HOME",
                                           "USER",
                                           "LOGNAME",
                                           "SHELL",
                                           "PATH",
                                           "LANG",
                                           "LANGUAGE",
                                           "TZ",
                                           "TMPDIR",
                                           "XDG_RUNTIME_DIR",
                                           "DBUS_SESSION_BUS_ADDRESS",
                                           "DISPLAY",
                                           "WAYLAND_DISPLAY"};

bool isAllowed(QByteArrayView name)
{
    return name.startsWith("LC_") || std::ranges::find(allowedNames, name) != std::end(allowedNames);
}

} // namespace

QList<QByteArray> recipeEnvironment()
{
    QList<QByteArray> result;
    for (char **variable = environ; *variable; ++variable) {
        const QByteArrayView text(*variable);
        if (isAllowed(text.first(std::max<qsizetype>(text.indexOf('='), 0))))
            result.append(text.toByteArray());
    }
    const auto isPath = [](const QByteArray &variable) { return variable.startsWith("PATH="); };
    if (std::ranges::none_of(result, isPath))
        result.append("PATH=/usr/local/bin:/usr/bin:/bin");
    return result;
}

} // namespace hearth::publisher
