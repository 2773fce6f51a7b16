// HttpCall: one request on a connection of its own, and everything that can be seen of the answer, with its times.
//
// A client for tests with real servers on this machine. It sends exactly the bytes that it is given, reads piece by
// piece, can stop reading, leave or break off at any moment, and never retries. Framing and server-sent events are
// taken apart as they arrive; whether an answer is complete is decided by its framing alone. It needs the event loop of
// its thread; the waitFor… functions run it.

#pragma once

#include "httpfields.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>
#include <QSslCertificate>
#include <QUrl>

#include <chrono>
#include <memory>

class QTcpSocket;

namespace hearth::testsupport {

struct HttpRequest
{
    QByteArray method = "GET";
    QByteArray target = "/";
    HttpFields fields = {};
    QByteArray body = {};
};

/// What goes over the wire: with a Host, and with a Content-Length where the method has a body and no field says how
/// the body is framed.
QByteArray toBytes(const HttpRequest &request);

struct StreamEvent
{
    /// What `event:` says; empty where it is not there.
    QByteArray type;
    QByteArray data;
    /// When its last byte was read, after the call was made.
    std::chrono::milliseconds at;

    QJsonObject json() const;
};

class HttpCall final : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        /// Of the operating system, in bytes; 0 leaves the choice to it.
        int receiveBuffer = 0;
        /// Nothing is read before resumeReading().
        bool startsStalled = false;
        /// For https: who may have signed the server's certificate.
        QList<QSslCertificate> authorities = {};
    };

    /// Connects to `server`, of which scheme and port count, and sends `bytes`.
    HttpCall(const QUrl &server, const QByteArray &bytes, const Options &options);
    ~HttpCall() override;

    void send(const QByteArray &bytes);
    void stopReading();
    void resumeReading();
    /// Closes the sending half only.
    void closeSendingHalf();
    void leave();
    /// Leaves with a reset.
    void breakOff();

    /// 0 until the head has arrived.
    int status() const { return m_status; }

    const HttpFields &fields() const { return m_fields; }

    QByteArray field(QByteArrayView name) const { return m_fields.value(name); }

    /// As far as it has arrived, without its framing.
    const QByteArray &body() const { return m_body; }

    QJsonObject json() const;
    /// The `code` of an error in the OpenAI shape; empty where there is none.
    QString errorCode() const;

    const QList<StreamEvent> &events() const { return m_events; }

    /// The comments of the stream, without their colons.
    const QByteArrayList &comments() const { return m_comments; }

    /// Whether the stream holds OpenAI's mark for its end.
    bool saysDone() const;

    /// Whether the framing says that nothing is missing.
    bool isComplete() const { return m_phase == Phase::Complete; }

    /// Nothing more will come: the answer is complete, or the connection has ended.
    bool hasEnded() const { return isComplete() || m_disconnected; }

    /// Nobody listens there.
    bool wasRefused() const { return m_refused; }

    // How long after the call was made; only once it has happened.

    std::chrono::milliseconds headAt() const { return m_headAt; }

    std::chrono::milliseconds endedAt() const { return m_endedAt; }

    std::chrono::milliseconds elapsed() const { return std::chrono::milliseconds(m_timer.elapsed()); }

    bool waitForHead(std::chrono::milliseconds limit = patience) const;
    bool waitForEvents(qsizetype count, std::chrono::milliseconds limit = patience) const;
    bool waitForEnd(std::chrono::milliseconds limit = patience) const;

    static constexpr std::chrono::milliseconds patience = std::chrono::seconds(20);

private:
    enum class Phase { Head, Length, ChunkSize, ChunkData, UntilClose, Complete };

    void connectPlain(const QUrl &server, const Options &options);
    void connectEncrypted(const QUrl &server, const Options &options);
    void watch();
    void read();
    void disconnected();
    void parse();
    bool parseStep();
    bool parseHead();
    void chooseFraming();
    bool parseChunkSize();
    bool parseChunkData();
    void takeBody(qint64 limit);
    void findEvents();
    void complete();

    std::unique_ptr<QTcpSocket> m_socket;
    QElapsedTimer m_timer;
    bool m_reading = true;
    bool m_refused = false;
    bool m_disconnected = false;
    Phase m_phase = Phase::Head;
    /// What has been read and not been taken apart.
    QByteArray m_input;
    /// Of the body or of the chunk, its line end included.
    qint64 m_remaining = 0;
    int m_status = 0;
    HttpFields m_fields;
    QByteArray m_body;
    qsizetype m_eventStart = 0;
    QList<StreamEvent> m_events;
    QByteArrayList m_comments;
    std::chrono::milliseconds m_headAt{};
    std::chrono::milliseconds m_endedAt{};
};

} // namespace hearth::testsupport
