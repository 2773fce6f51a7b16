// CheckRun: a SelfCheck with all that it needs, which says its findings line by line.
//
// `hearth-publisher --check` and the end of `hearth-publisher setup` run one. One thread, with an event loop.

#pragma once

#include "selfcheck.h"
#include "terminal.h"
#include "websocketdialer.h"

namespace hearth::headless {

/// As CheckRun says it: `ok    The server https://hearth.example.org is up.`
QString lineOf(const publisher::Finding &finding);

class CheckRun final : public QObject
{
    Q_OBJECT

public:
    /// `terminal` and `clock` must outlive it.
    CheckRun(const publisher::PublisherSettings &settings, Terminal &terminal, Clock &clock, QObject *parent = nullptr);

    /// To be called once; finished() follows.
    void start() { m_check.start(); }

Q_SIGNALS:
    void finished(bool allIsWell);

private:
    httpclient::HttpClient m_client;
    publisher::WebSocketDialer m_dialer;
    /// Uses both.
    publisher::SelfCheck m_check;
};

} // namespace hearth::headless
