// TcpProxy: a wire between two programs that a test can cut.
//
// It listens on a free port of this machine and passes bytes on both ways, whatever they are. For the thread of the
// test, whose event loop does the work.

#pragma once

#include <QList>
#include <QTcpServer>
#include <QUrl>

class QTcpSocket;

namespace hearth::testsupport {

class TcpProxy final : public QObject
{
    Q_OBJECT

public:
    /// Connections go on to the port of `target`.
    explicit TcpProxy(const QUrl &target);
    ~TcpProxy() override;

    QUrl url() const;

    /// Cuts every connection that there is; both sides notice.
    void cut();
    /// Cuts the side of those who have connected. The target notices nothing until cut() or the end of the proxy.
    void cutNearSide();

    /// From now on no byte passes and nobody is told, as with a cable that was pulled out.
    void freeze();
    /// Everything that was held up passes, and so does what comes.
    void thaw();

    /// How many connections there have been.
    int connections() const { return m_connections; }

private:
    struct Wire
    {
        QTcpSocket *near;
        QTcpSocket *far;
    };

    void accept();
    void passOn(QTcpSocket *from, QTcpSocket *to);

    quint16 m_target;
    QTcpServer m_server;
    QList<Wire> m_wires;
    bool m_isFrozen = false;
    int m_connections = 0;
};

} // namespace hearth::testsupport
