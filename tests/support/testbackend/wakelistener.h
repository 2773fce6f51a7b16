// WakeListener: the HTTP server that wakes a sleeping test backend and puts it to sleep, on a port of its own.
//
// Made by hearth-testbackend's main and by tests, on the thread of the backend. It is always up, as the box of a
// backend is that is started on demand. Like the backend it trusts its clients.
//
// Routes: POST /wake, POST /sleep, GET /stats (`{"wakes", "sleeps", "boots", "isAwake"}`, see SleepCounts).

#pragma once

#include "receivedrequest.h"
#include "result.h"
#include "testbackendsettings.h"

#include <QTcpServer>

namespace hearth::testbackend {

class SleepCycle;

struct WakeListenerSettings
{
    QHostAddress address = QHostAddress::LocalHost;
    /// 0 takes a free port.
    quint16 port = 0;
    /// Of the answer to POST /wake. The call counts in any case, but only a 2xx wakes the backend.
    int wakeStatus = 200;
    /// POST /wake is never answered. It counts, and wakes the backend if `wakeStatus` does.
    bool wakeHangs = false;
    TestBackendLimits limits = {};
};

class WakeListener : public QObject
{
    Q_OBJECT

public:
    /// `cycle` must outlive the listener.
    WakeListener(WakeListenerSettings settings, SleepCycle &cycle, QObject *parent = nullptr);

    /// Fails with ErrorCode::Io.
    Result<void> listen();

    quint16 port() const { return m_server.serverPort(); }

    /// For example `http://127.0.0.1:9090`.
    QByteArray url() const;

    /// The bytes that answer a request, after doing what it asks for; empty for one that is never answered.
    QByteArray answer(const ReceivedRequest &request);

    const TestBackendLimits &limits() const { return m_settings.limits; }

private:
    void accept();
    QByteArray stats() const;

    WakeListenerSettings m_settings;
    SleepCycle &m_cycle;
    QTcpServer m_server;
};

} // namespace hearth::testbackend
