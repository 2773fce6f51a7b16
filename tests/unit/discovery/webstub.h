// WebStub: whatever may answer at an address: a function of the test makes the bytes of the answer from the head of the
// request. Every connection is closed after its answer. Test's thread.

#pragma once

#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>

class WebStub final : public QObject
{
    Q_OBJECT

public:
    /// An empty answer closes the connection without a word.
    using Answer = std::function<QByteArray(const QByteArray &head)>;

    explicit WebStub(Answer answer);

    quint16 port() const { return m_server.serverPort(); }

    /// `127.0.0.1:40123`.
    QString authority() const { return QStringLiteral("127.0.0.1:%1").arg(port()); }

    QUrl url() const { return QUrl(QStringLiteral("http://") + authority()); }

    /// A whole answer.
    static QByteArray http(int status, const QByteArray &body = {}, const QByteArray &fields = {});

    /// The heads of all requests.
    QList<QByteArray> heads;

private:
    void read(QTcpSocket *socket);

    Answer m_answer;
    QTcpServer m_server;
};
