// HttpServerTest: what the tests of a whole server share: the server on a free port, its clock, its router and its
// settings, and the requests that most of them send.
//
// A test changes m_settings and calls listen(). Each test function has a server of its own, and at its end no handler
// may be left. For the thread of the test.

#pragma once

#include "httpserver.h"
#include "rawclient.h"
#include "scriptedrouter.h"

#include <QTest>

#include <memory>

namespace hearth::http {

class HttpServerTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:

    void init()
    {
        m_settings = {};
        m_settings.port = 0;
        m_clock = std::make_unique<FakeClock>();
        m_router = std::make_unique<ScriptedRouter>();
    }

    void cleanup()
    {
        m_server.reset();
        QCOMPARE(m_router->handlers, 0);
    }

protected:
    void listen()
    {
        m_server = std::make_unique<HttpServer>(m_settings, *m_clock, *m_router);
        const Result<void> listening = m_server->listen();
        QVERIFY2(listening, listening ? "" : qPrintable(listening.error().message));
    }

    /// Sends a request whose exchange the test answers itself.
    Exchange &hold(RawClient &client, const QByteArray &head = "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
    {
        const qsizetype before = m_router->held.size();
        if (!client.sendAll(head) || !QTest::qWaitFor([&] { return m_router->held.size() > before; }))
            qFatal("The request did not arrive.");
        return *m_router->held.last()->exchange;
    }

    static QByteArray get() { return "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"; }

    static QByteArray post(qsizetype size, const QByteArray &path = "/echo")
    {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n";
    }

    static QByteArray postChunked() { return "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"; }

    HttpSettings m_settings;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<ScriptedRouter> m_router;
    std::unique_ptr<HttpServer> m_server;
};

} // namespace hearth::http
