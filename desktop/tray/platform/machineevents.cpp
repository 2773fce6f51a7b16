#include "machineevents.h"

#include <QDBusConnection>
#include <QNetworkInformation>

namespace hearth::platform {

MachineEvents::MachineEvents(QObject *parent)
    : QObject(parent)
{
    QDBusConnection::systemBus().connect(QStringLiteral("org.freedesktop.login1"),
                                         QStringLiteral("/org/freedesktop/login1"),
                                         QStringLiteral("org.freedesktop.login1.Manager"),
                                         QStringLiteral("PrepareForSleep"), this, SLOT(prepareForSleep(bool)));
    watchNetwork();
}

void MachineEvents::prepareForSleep(bool begins)
{
    if (!begins)
        Q_EMIT cameBack();
}

void MachineEvents::watchNetwork()
{
    using Reachability = QNetworkInformation::Reachability;
    if (!QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        return;
    const auto *network = QNetworkInformation::instance();
    const auto follow = [this, last = network->reachability()](Reachability now) mutable {
        // From Unknown is not from nowhere: it is what a backend says before it has looked.
        const bool isBack =
            now == Reachability::Online && last != Reachability::Online && last != Reachability::Unknown;
        last = now;
        if (isBack)
            Q_EMIT cameBack();
    };
    connect(network, &QNetworkInformation::reachabilityChanged, this, follow);
}

} // namespace hearth::platform
