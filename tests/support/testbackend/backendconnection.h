// BackendConnection: one client of the test backend, from its first byte to its last.
//
// Made by TestBackend for every accepted socket, same thread; deletes itself when the socket has closed. It answers one
// request after the other and keeps the log, above all of clients that leave before their answer is complete.

#pragma once

#include "answersender.h"
#include "requestreader.h"

#include <QObject>

class QTcpSocket;

namespace hearth::testbackend {

/// What all connections of one backend share; outlives them.
struct BackendContext
{
    const TestBackendSettings &settings;
    Clock &clock;
    RequestLog &log;
    const BackendRoutes &routes;
};

class BackendConnection : public QObject
{
    Q_OBJECT

public:
    /// Takes the socket as its child.
    BackendConnection(QTcpSocket *socket, const BackendContext &context, QObject *parent);
    ~BackendConnection() override;

    /// Ends the connection at once, as the death of a backend would.
    void abort();

private:
    void readyRead();
    /// Reads and answers until bytes are missing or an answer is running.
    void serve();
    void requestBegun();
    void answer();
    void answerEnded(Outcome outcome);
    /// Answers what cannot be read as a request, and closes.
    void refuse(int status);
    void finishRecord(Outcome outcome);
    void clientGone();

    BackendContext m_context;
    QTcpSocket *m_socket;
    RequestReader m_reader;
    AnswerSender m_sender;
    Timer m_idle;
    /// Of the request being read or answered; none for the report's own requests.
    std::shared_ptr<RequestRecord> m_record;
    bool m_closing = false;
};

} // namespace hearth::testbackend
