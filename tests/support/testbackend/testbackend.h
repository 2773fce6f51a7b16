// TestBackend: a deterministic OpenAI-compatible backend for demo, tests and bench.
//
// Made by hearth-testbackend's main and by tests that want it in-process, on any one thread with an event loop. Its
// answers are a function of the request alone; how they are slowed or broken is said by Directives. It is no model
// server and no place to learn HTTP from: it trusts its clients and breaks the protocol when it is asked to.
//
// Routes: /v1/models, /v1/models/{id}, /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/responses,
// /v1/rerank, /v1/messages, /v1/messages/count_tokens. The report: GET /test/requests (the last ones), GET /test/stats
// (counts), GET /test/requests/last/body (raw bytes), DELETE /test/requests (forgets what is finished).

#pragma once

#include "backendroutes.h"
#include "requestlog.h"
#include "result.h"
#include "testbackendsettings.h"

#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>

namespace hearth::testbackend {

class TestBackend : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the backend.
    TestBackend(TestBackendSettings settings, Clock &clock, QObject *parent = nullptr);
    ~TestBackend() override;

    /// Takes its port and keeps it, so that nobody else gets it while it does not listen; until then connections are
    /// refused. Fails with ErrorCode::Io.
    Result<void> reserve();
    /// Starts to listen; after stop() on the same port again. Reserves the port first where that has not been done.
    /// Fails with ErrorCode::Io.
    Result<void> listen();
    /// Stops to listen and drops every connection, as the death of a backend would.
    void stop();

    /// The port that it listens on, useful when the settings ask for port 0.
    quint16 port() const { return m_settings.port; }

    /// For example `http://127.0.0.1:8000`.
    QByteArray url() const;

    const RequestLog &log() const { return m_log; }

private:
    void accept();
    Error cannotListen(const QString &reason) const;

    TestBackendSettings m_settings;
    Clock &m_clock;
    RequestLog m_log;
    BackendRoutes m_routes;
    /// Bound and never listening: connections to its port are refused unless the server listens there.
    QTcpSocket m_reservation;
    QTcpServer m_server;
    /// The parent of all connections.
    QObject m_connections;
};

} // namespace hearth::testbackend
