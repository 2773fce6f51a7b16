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

namespace hearth::testbackend {

class TestBackend : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the backend.
    TestBackend(TestBackendSettings settings, Clock &clock, QObject *parent = nullptr);
    ~TestBackend() override;

    /// Starts to listen; after stop() on the same port again. Fails with ErrorCode::Io.
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

    TestBackendSettings m_settings;
    Clock &m_clock;
    RequestLog m_log;
    BackendRoutes m_routes;
    QTcpServer m_server;
    /// The parent of all connections.
    QObject m_connections;
};

} // namespace hearth::testbackend
