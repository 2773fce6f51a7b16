#include "glibturns.h"

#include <QAbstractEventDispatcher>
#include <QLibrary>

namespace hearth::platform {

namespace {

/// g_main_context_iteration(): gboolean and pointers to GMainContext without glib's headers.
using Iterate = int (*)(void *context, int mayBlock);

/// Null where glib is not there. It is looked up as libsecret is: while the program runs.
Iterate iterate()
{
    static const auto function =
        reinterpret_cast<Iterate>(QLibrary::resolve(QStringLiteral("glib-2.0"), 0, "g_main_context_iteration"));
    return function;
}

bool runsOnGlib()
{
    const auto *const dispatcher = QAbstractEventDispatcher::instance();
    return dispatcher && dispatcher->inherits("QEventDispatcherGlib");
}

} // namespace

GlibTurns::GlibTurns(QObject *parent)
    : QObject(parent)
{
    if (runsOnGlib() || !iterate())
        return;
    connect(&m_timer, &QTimer::timeout, this, [] { iterate()(nullptr, false); });
    m_timer.start(interval);
}

} // namespace hearth::platform
