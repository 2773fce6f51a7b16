#include "websocketdialer.h"

namespace hearth::publisher {

WebSocketDialer::WebSocketDialer(channel::ConnectorSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_connector(std::move(settings), clock)
{
    using channel::WebSocketConnector;
    connect(&m_connector, &WebSocketConnector::opened, this,
            [this] { std::exchange(m_done, {})(m_connector.takeChannel()); });
    connect(&m_connector, &WebSocketConnector::failed, this,
            [this](const Error &error) { std::exchange(m_done, {})(error); });
}

void WebSocketDialer::dial(const QUrl &url, const QByteArray &key, Done done)
{
    m_done = std::move(done);
    m_connector.open(url, key);
}

void WebSocketDialer::cancel()
{
    m_connector.cancel();
    m_done = {};
}

} // namespace hearth::publisher
