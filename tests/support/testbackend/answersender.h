// AnswerSender: sends one answer after the other on a connection, at its rate and with its defects.
//
// Owned by BackendConnection, same thread. It writes the bytes of HTTP itself, because some of them must be wrong, and
// stops making pieces while the client does not read. It never closes the connection: it says how the answer ended.

#pragma once

#include "backendroutes.h"
#include "clock.h"
#include "requestlog.h"

#include <QObject>

class QTcpSocket;

namespace hearth::testbackend {

class AnswerSender : public QObject
{
    Q_OBJECT

public:
    /// `socket` and `clock` must outlive the sender.
    AnswerSender(QTcpSocket &socket, Clock &clock, const TestBackendSettings &settings, QObject *parent);

    /// Starts an answer; only while none is active.
    void start(Plan plan, const ReceivedRequest &request);

    bool isActive() const { return m_phase != Phase::Idle; }

    /// Forgets the answer, because the client has gone.
    void stop();

Q_SIGNALS:
    /// So many events of the running answer have been sent.
    void progressed(qint64 events);
    /// The answer is over. Complete: everything has been handed to the network. Failed: nothing follows, and the
    /// connection is of no more use.
    void ended(hearth::testbackend::Outcome outcome);

private:
    enum class Phase { Idle, Waiting, Body, Draining, Silent };
    /// How a body's bytes are delimited (RFC 9112 6).
    enum class Framing { Length, Chunked, Close };
    /// What comes after the last piece.
    enum class Ending { Complete, Close, BadChunk, Silence };
    enum class Pause { End, NotDue, ClientSlow };

    void wake();
    void begin();
    void chooseEnding();
    QByteArray head() const;
    void pump();
    Pause gather(QByteArray &batch);
    void appendPiece(QByteArray &batch, const QByteArray &piece) const;
    void finishBody(QByteArray &batch) const;
    void bodyEnded();
    /// When the next piece may leave.
    MonotonicTime due() const;
    void write(const QByteArray &bytes);
    void bytesWritten();
    void end(Outcome outcome);

    QTcpSocket &m_socket;
    Clock &m_clock;
    const TestBackendSettings &m_settings;
    Timer m_timer;

    Phase m_phase = Phase::Idle;
    bool m_pumping = false;
    Plan m_plan;
    bool m_keepAlive = true;
    Framing m_framing = Framing::Length;
    Ending m_ending = Ending::Complete;
    /// Pieces before m_ending.
    qint64 m_last = 0;
    /// The piece whose turn it is.
    qint64 m_next = 0;
    /// Pieces per second; 0 for no limit.
    qint64 m_rate = 0;
    MonotonicTime m_bodyStart;
    /// The head, until the first piece goes with it.
    QByteArray m_unsent;
    QByteArray m_requestId;
};

} // namespace hearth::testbackend
