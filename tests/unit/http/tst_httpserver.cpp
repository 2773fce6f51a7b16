// The server around the connections: where it listens, how many it serves, CORS, and its end.

#include "httpservertest.h"

#include <QSignalSpy>
#include <QTcpServer>

#include <sys/resource.h>

using namespace hearth;
using namespace hearth::http;

class TestHttpServer final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void listensOn_data();
    void listensOn();
    void saysWhyItCannotListen();
    void answersPreflightsWithoutTheRouter();
    void refusesAnUpgradeWithBody();
    void stopsAcceptingAtItsLimit();
    void stopsAcceptingWithoutDescriptors();
    void drains();
    void drainsAtOnceWithoutConnections();
    void tellsHandlersWhenItIsDestroyed();
};

namespace {

const QByteArray getHeld = "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n";

/// Makes the process have at most `count` descriptors for as long as this lives.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t count)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        const rlimit limit{count, m_before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }

    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

private:
    rlimit m_before;
};

} // namespace

void TestHttpServer::listensOn_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("reachedBy");
    QTest::newRow("IPv4") << QStringLiteral("127.0.0.1") << QStringLiteral("127.0.0.1");
    QTest::newRow("all of IPv4") << QStringLiteral("0.0.0.0") << QStringLiteral("127.0.0.1");
    QTest::newRow("localhost") << QStringLiteral("localhost") << QStringLiteral("127.0.0.1");
    QTest::newRow("everything") << QStringLiteral("::") << QStringLiteral("127.0.0.1");
    if (QTcpServer probe; probe.listen(QHostAddress::LocalHostIPv6)) {
        QTest::newRow("IPv6") << QStringLiteral("::1") << QStringLiteral("::1");
        QTest::newRow("IPv6 in brackets") << QStringLiteral("[::1]") << QStringLiteral("::1");
        QTest::newRow("everything, by IPv6") << QStringLiteral("::") << QStringLiteral("::1");
    }
}

void TestHttpServer::listensOn()
{
    QFETCH(QString, host);
    QFETCH(QString, reachedBy);
    m_settings.host = host;
    listen();
    QTcpSocket client;
    client.connectToHost(reachedBy, m_server->port());
    client.write(get());
    QTRY_VERIFY(client.bytesAvailable() > 0);
    QVERIFY(client.readAll().startsWith("HTTP/1.1 200 OK\r\n"));
    QCOMPARE(m_router->lastHead.peer, QHostAddress(reachedBy));
}

void TestHttpServer::saysWhyItCannotListen()
{
    listen();
    HttpSettings settings = m_settings;
    settings.port = m_server->port();
    HttpServer taken(settings, *m_clock, *m_router);
    Result<void> listening = taken.listen();
    QVERIFY(!listening);
    QCOMPARE(toString(listening.error().code), toString(ErrorCode::Io));
    QVERIFY(listening.error().message.contains(QString::number(settings.port)));

    settings.host = QStringLiteral("no such host");
    HttpServer lost(settings, *m_clock, *m_router);
    listening = lost.listen();
    QVERIFY(!listening);
    QVERIFY(listening.error().message.contains(settings.host));
}

void TestHttpServer::answersPreflightsWithoutTheRouter()
{
    m_settings.allowedOrigins = {"https://app.example"};
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("OPTIONS /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\n"
                           "Access-Control-Request-Method: POST\r\n\r\n"
                           "GET /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\n\r\n"
                           "OPTIONS /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://evil.example\r\n"
                           "Access-Control-Request-Method: POST\r\n\r\n"));
    const QList<Answer> answers = client.answers(3);
    QCOMPARE(answers.size(), 3);
    QCOMPARE(answers[0].status, 204);
    QCOMPARE(answers[0].fields.value("access-control-allow-origin"), QByteArray("https://app.example"));
    QCOMPARE(answers[1].status, 401);
    QCOMPARE(answers[1].fields.value("access-control-allow-origin"), QByteArray("https://app.example"));
    QCOMPARE(answers[2].status, 401);
    QVERIFY(!answers[2].fields.contains("access-control-allow-origin"));
    QCOMPARE(m_router->routed, (QByteArrayList{"GET /refuse", "OPTIONS /refuse"}));
}

void TestHttpServer::refusesAnUpgradeWithBody()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /upgrade HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                           "Content-Length: 5\r\n\r\nhello"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 400);
    QVERIFY(!m_router->upgradedSocket);
}

void TestHttpServer::stopsAcceptingAtItsLimit()
{
    m_settings.limits.connections = 10;
    listen();
    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 10");
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 15; ++i) {
        clients.push_back(std::make_unique<RawClient>(m_server->port()));
        QVERIFY(clients.back()->sendAll(getHeld));
    }
    QTRY_COMPARE(m_server->connectionCount(), 10);
    QTRY_COMPARE(m_router->held.size(), 10);
    spin();
    QCOMPARE(m_server->connectionCount(), 10);

    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 10");
    clients.erase(clients.begin(), clients.begin() + 3);
    QTRY_COMPARE(m_router->held.size(), 13);
    QCOMPARE(m_server->connectionCount(), 10);
    clients.clear();
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpServer::stopsAcceptingWithoutDescriptors()
{
    const DescriptorLimit limit(120);
    listen();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("^No more connections are accepted")));
    std::vector<std::unique_ptr<RawClient>> clients; // each has a descriptor of its own in this process
    while (clients.size() < 55)
        clients.push_back(std::make_unique<RawClient>(m_server->port())), spin();
    const int accepted = m_server->connectionCount();
    QVERIFY2(accepted > 30 && accepted < 55, qPrintable(QString::number(accepted)));

    // Descriptors that others give back are noticed in time, those of connections at once.
    clients.erase(clients.end() - 5, clients.end());
    clients.erase(clients.begin(), clients.begin() + 20);
    QTRY_COMPARE(m_server->connectionCount(), static_cast<int>(clients.size()));
    for (const auto &client : clients) {
        QVERIFY(client->sendAll(get()));
        QCOMPARE(client->answers().size(), 1);
    }
}

void TestHttpServer::drains()
{
    listen();
    const quint16 port = m_server->port();
    RawClient idle(port);
    RawClient busy(port);
    RawClient half(port);
    QVERIFY(idle.sendAll(get()));
    QCOMPARE(idle.answers().size(), 1);
    QVERIFY(busy.sendAll(getHeld));
    QTRY_COMPARE(m_router->held.size(), 1);
    QVERIFY(half.sendAll(get().first(10)));
    spin();

    QSignalSpy drained(m_server.get(), &HttpServer::drained);
    m_server->drain();
    QTRY_COMPARE(idle.end(), RawClient::End::Fin);
    QTcpSocket late;
    QSignalSpy refused(&late, &QTcpSocket::errorOccurred);
    late.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    QTRY_COMPARE(refused.size(), 1);

    QVERIFY(half.sendAll(get().sliced(10)));
    QTRY_COMPARE(half.end(), RawClient::End::Fin);
    QCOMPARE(half.answers().first().status, 200);
    QCOMPARE(half.answers().first().fields.value("connection"), QByteArray("close"));
    half.close();
    QTRY_COMPARE(m_server->connectionCount(), 1);
    QCOMPARE(drained.size(), 0);

    m_router->held.first()->exchange->respond({200, {}, "done"});
    QTRY_COMPARE(busy.end(), RawClient::End::Fin);
    QCOMPARE(busy.answers().first().body, QByteArray("done"));
    busy.close();
    QTRY_COMPARE(drained.size(), 1);
}

void TestHttpServer::drainsAtOnceWithoutConnections()
{
    listen();
    QSignalSpy drained(m_server.get(), &HttpServer::drained);
    m_server->drain();
    QCOMPARE(drained.size(), 0);
    QTRY_COMPARE(drained.size(), 1);
}

void TestHttpServer::tellsHandlersWhenItIsDestroyed()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(getHeld));
    QTRY_COMPARE(m_router->held.size(), 1);
    m_server.reset();
    QVERIFY(m_router->held.first()->clientGone);
    QTRY_VERIFY(client.end() != RawClient::End::Open);
}

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_httpserver.moc"
