#include "transferhelpers.h"

#include "recorder.h"
#include "scriptedserver.h"

#include <QTest>

using namespace hearth::httpclient;

TransferRequest post(const QByteArray &url, qint64 bodySize)
{
    TransferRequest request;
    request.method = "POST";
    request.url = url;
    request.bodySize = bodySize;
    return request;
}

void passTime(HttpClient &client)
{
    ScriptedServer server;
    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        const auto transfer = client.start({.url = server.url()}, recorder);
        QTRY_VERIFY(server.hasRequest());
        server.peer().takeReceived();
        server.peer().answer();
        QTRY_VERIFY(recorder.succeeded());
    }
}
