#include "recordinglistener.h"
#include "testcertificate.h"
#include "websocketacceptor.h"
#include "websocketconnector.h"

#include "frame.h"

#include <QPointer>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryFile>
#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

namespace {

QByteArray bodyFrame(const QByteArray &payload)
{
    QByteArray result;
    appendFrameHeader(result, {FrameKind::Body, TaskId{1}});
    return result + payload;
}

/// A server's end and a publisher's end with TLS between them.
struct TlsLine
{
    explicit TlsLine(const QString &caFile)
        : acceptor(ChannelSettings{.pingInterval = 1h}, clock)
        , connector(ConnectorSettings{{.pingInterval = 1h}, caFile}, clock)
    {
        const TestCertificate own = TestCertificate::make();
        QSslConfiguration configuration;
        configuration.setLocalCertificate(own.certificate);
        configuration.setPrivateKey(own.key);
        certificate = own.certificate;
        listening.setSslConfiguration(configuration);
        QObject::connect(&listening, &QTcpServer::pendingConnectionAvailable, &connector, [this] {
            tcp = listening.nextPendingConnection();
            acceptor.accept(std::unique_ptr<QTcpSocket>(tcp), [this](std::unique_ptr<Channel> channel) {
                server = std::move(channel);
                server->setListener(atServer);
            });
        });
        QObject::connect(&connector, &WebSocketConnector::opened, &connector, [this] {
            publisher = connector.takeChannel();
            publisher->setListener(atPublisher);
        });
        QObject::connect(&connector, &WebSocketConnector::failed, &connector,
                         [this](const Error &why) { error = why; });
        listening.listen(QHostAddress::LocalHost);
    }

    void connectTo()
    {
        connector.open(QUrl(QStringLiteral("wss://127.0.0.1:%1/").arg(listening.serverPort())), "hk_test");
    }

    FakeClock clock;
    QSslServer listening;
    QSslCertificate certificate;
    WebSocketAcceptor acceptor;
    RecordingListener atServer;
    RecordingListener atPublisher;
    QPointer<QTcpSocket> tcp;
    WebSocketConnector connector;
    std::unique_ptr<Channel> server;
    std::unique_ptr<Channel> publisher;
    std::optional<Error> error;
};

} // namespace

class TestWebSocketTls final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void bothWays();
    void unknownCertificate();
    void missingCaFile();
    void encryptedBytesWait();
    void stalledPeer();

private:
    std::unique_ptr<QTemporaryFile> m_caFile;
    std::unique_ptr<TlsLine> m_line;
};

void TestWebSocketTls::init()
{
    m_caFile = std::make_unique<QTemporaryFile>();
    QVERIFY(m_caFile->open());
    m_line = std::make_unique<TlsLine>(m_caFile->fileName());
    QVERIFY(!m_line->certificate.isNull());
    m_caFile->write(m_line->certificate.toPem());
    m_caFile->close();
}

void TestWebSocketTls::bothWays()
{
    m_line->connectTo();
    QTRY_VERIFY(m_line->server && m_line->publisher);
    m_line->server->send(Goodbye{.reason = QStringLiteral("now")});
    QTRY_COMPARE(m_line->atPublisher.messages.size(), 1);
    m_line->publisher->sendFrame(bodyFrame("abc"));
    QTRY_COMPARE(m_line->atServer.bodies.size(), 1);
    m_line->publisher->close(CloseCode::GoingAway, QStringLiteral("bye"));
    QTRY_VERIFY(m_line->atServer.isClosed());
    QCOMPARE(m_line->atServer.reason.code, 1001);
    m_line->server.reset();
    QTRY_VERIFY(!m_line->tcp);
}

void TestWebSocketTls::unknownCertificate()
{
    // The system's authorities do not know it.
    TlsLine line{QString()};
    line.connectTo();
    QTRY_VERIFY(line.error.has_value());
    QVERIFY(line.error->code == ErrorCode::Io);
    QVERIFY2(line.error->message.contains(QStringLiteral("certificate")), qPrintable(line.error->message));
    QVERIFY(!line.publisher);
    QVERIFY(!line.server);
}

void TestWebSocketTls::missingCaFile()
{
    TlsLine line(QStringLiteral("/nonexistent/ca.pem"));
    line.connectTo();
    QTRY_VERIFY(line.error.has_value());
    QVERIFY(line.error->code == ErrorCode::Io);
    QVERIFY(!line.publisher);
}

void TestWebSocketTls::encryptedBytesWait()
{
    // QSslSocket encrypts at once and lets the result wait underneath: it counts as waiting all the same.
    m_line->connectTo();
    QTRY_VERIFY(m_line->server && m_line->publisher);
    m_line->tcp->setReadBufferSize(1);
    for (int i = 0; i < 100; ++i) {
        m_line->publisher->sendFrame(bodyFrame(QByteArray(maxFramePayload, 'x')));
        QCoreApplication::processEvents();
    }
    QVERIFY(m_line->publisher->bytesToWrite() > Channel::bodyWatermark);
    QCOMPARE(m_line->atPublisher.writables, 0);
    m_line->tcp->setReadBufferSize(2 * 1024 * 1024);
    QTRY_COMPARE(m_line->atPublisher.writables, 1);
    QTRY_COMPARE(m_line->atServer.bodies.size(), 100);
    QCOMPARE(m_line->publisher->bytesToWrite(), qint64{0});
    m_line->clock.advance(1min);
    QVERIFY(!m_line->atPublisher.isClosed());
}

void TestWebSocketTls::stalledPeer()
{
    m_line->connectTo();
    QTRY_VERIFY(m_line->server && m_line->publisher);
    m_line->tcp->setReadBufferSize(1);
    for (int i = 0; i < 100; ++i)
        m_line->publisher->sendFrame(bodyFrame(QByteArray(maxFramePayload, 'x')));
    qint64 before = -1;
    QVERIFY(QTest::qWaitFor([&] {
        QTest::qWait(20);
        return std::exchange(before, m_line->publisher->bytesToWrite()) == m_line->publisher->bytesToWrite();
    }));
    m_line->clock.advance(10s);
    QCOMPARE(m_line->atPublisher.closings, 1);
    QCOMPARE(m_line->atPublisher.reason.code, 1006);
}

QTEST_GUILESS_MAIN(TestWebSocketTls)
#include "tst_websockettls.moc"
