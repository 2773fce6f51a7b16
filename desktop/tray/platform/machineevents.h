// MachineEvents: tells when this machine has come back: from suspend (logind over D-Bus) or to a network
// (QNetworkInformation). Where nobody can tell, it stays silent. Main thread.

#pragma once

#include <QObject>

namespace hearth::platform {

class MachineEvents final : public QObject
{
    Q_OBJECT

public:
    explicit MachineEvents(QObject *parent = nullptr);

Q_SIGNALS:
    /// A good moment to try the server again.
    void cameBack();

private Q_SLOTS:
    void prepareForSleep(bool begins);

private:
    void watchNetwork();
};

} // namespace hearth::platform
