// ScriptedBackend: an OpenAI-compatible backend whose every byte is written by the test.
//
// It answers questions for availability (GET) by itself and keeps everything else for the test, one Exchange for each
// request. Runs on the test's thread and event loop.

#pragma once

#include <QHash>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <vector>

/// One request that is not a GET.
struct Exchange
{
    QByteArray head;
    QByteArray body;
    qint64 size = 0;
    QPointer<QTcpSocket> socket;

    QByteArray requestLine() const { return head.left(head.indexOf("\r\n")); }

    bool isComplete() const { return body.size() == size; }

    /// Whether the head has this line, in any case.
    bool hasField(const QByteArray &line) const { return hasText("\r\n" + line + "\r\n"); }

    bool hasFieldNamed(const QByteArray &name) const { return hasText("\r\n" + name + ':'); }

    bool isGone() const { return !socket || socket->state() == QAbstractSocket::UnconnectedState; }

    void write(const QByteArray &bytes) const { socket->write(bytes); }

    /// A whole answer.
    void answer(const QByteArray &body, const QByteArray &fields = "Content-Type: application/json\r\n",
                const QByteArray &status = "200 OK") const;
    /// The head of a chunked answer, and its pieces.
    void beginStream() const;
    void chunk(const QByteArray &piece) const;

    void endStream() const { write("0\r\n\r\n"); }

private:
    bool hasText(const QByteArray &text) const { return head.toLower().contains(text.toLower()); }
};

class ScriptedBackend final : public QObject
{
    Q_OBJECT

public:
    ScriptedBackend();

    /// Its base URL; the same after stop() and start().
    QByteArray url() const { return "http://127.0.0.1:" + QByteArray::number(m_port) + "/v1"; }

    void start();
    /// Stops to listen and drops every connection.
    void stop();

    /// In the order of arrival.
    const std::vector<std::unique_ptr<Exchange>> &exchanges() const { return m_exchanges; }

    /// Waits until this many requests have arrived as a whole; the last of them. Null after five seconds.
    Exchange *waitForRequest(size_t count = 1) const;

    /// Whether nobody is connected: every question has been answered, and its answer taken.
    bool isQuiet() const { return m_server.findChildren<QTcpSocket *>().isEmpty(); }

    /// What was asked with GET: heads, in the order of arrival.
    QList<QByteArray> questions;
    /// The answer to GET; 0 gives none.
    int availability = 200;
    QByteArray modelList = R"({"data":[{"id":"test-model"}]})";

private:
    void accept();
    void read(QTcpSocket *socket);
    void answerQuestion(QTcpSocket *socket, const QByteArray &head);

    quint16 m_port = 0;
    std::vector<std::unique_ptr<Exchange>> m_exchanges;
    /// The exchange that the bytes of a connection belong to.
    QHash<QTcpSocket *, Exchange *> m_current;
    QHash<QTcpSocket *, QByteArray> m_heads;
    /// The last member: its connections report their end to the others.
    QTcpServer m_server;
};
