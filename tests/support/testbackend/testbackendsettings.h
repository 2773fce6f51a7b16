// TestBackendSettings: everything about the test backend that can be set.
//
// Filled from the command line or by a test, constant after the backend has been made. A plain value.

#pragma once

#include "clock.h"
#include "directives.h"

#include <QByteArrayList>
#include <QHostAddress>

namespace hearth::testbackend {

struct TestBackendLimits
{
    /// Of the request line and all fields, in bytes; more is 431.
    qint64 head = 64 * 1024;
    /// Of one request body, in bytes; more is 413.
    qint64 body = 256 * 1024 * 1024;
    /// Of unread input behind a request that is being answered, in bytes; more ends the connection.
    qint64 readAhead = 64 * 1024;
    /// Of an answer waiting in the socket, in bytes; beyond it the answer pauses until the client has read.
    qint64 writeAhead = 256 * 1024;
    /// Of open connections; further ones are closed at once.
    int connections = 10'000;
    /// Of requests that the report remembers.
    qsizetype reportedRequests = 1000;
    /// Of the tokens of an answer, whatever the request asks for.
    qint64 tokens = 1'000'000;
    /// Without a byte from a client that has no answer to wait for. A client that takes its answer slowly is never cut:
    /// what a relay does then is what tests want to see.
    Duration idle = std::chrono::seconds(60);
};

struct TestBackendSettings
{
    QHostAddress address = QHostAddress::LocalHost;
    /// 0 takes a free port.
    quint16 port = 8000;
    QByteArrayList models = {"test-model"};
    /// Events per second of a stream; 0 is as fast as the client reads.
    qint64 rate = 20;
    /// Of an answer whose request does not say, in words.
    qint64 tokens = 12;
    /// When set, every route under `/v1` wants it as `Authorization: Bearer`.
    QByteArray apiKey;
    /// What every request to a model gets unless it brings directives of its own. Listing the models stays healthy.
    Directives directives;
    TestBackendLimits limits;
};

} // namespace hearth::testbackend
