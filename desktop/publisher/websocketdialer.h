// WebSocketDialer: the Dialer that reaches real servers.
//
// Made by the programs for their Publisher or SelfCheck. Publisher's thread.

#pragma once

#include "dialer.h"
#include "websocketconnector.h"

namespace hearth::publisher {

class WebSocketDialer final : public QObject, public Dialer
{
    Q_OBJECT

public:
    /// `clock` must outlive the dialer.
    WebSocketDialer(channel::ConnectorSettings settings, Clock &clock, QObject *parent = nullptr);

    void dial(const QUrl &url, const QByteArray &key, Done done) override;
    void cancel() override;

private:
    channel::WebSocketConnector m_connector;
    Done m_done;
};

} // namespace hearth::publisher
