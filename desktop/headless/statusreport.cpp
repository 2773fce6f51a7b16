#include "statusreport.h"

namespace hearth::headless {

using publisher::Publisher;

StatusReport::StatusReport(const Publisher &publisher, const QString &configFile, Clock &clock)
    : m_publisher(publisher)
    , m_configFile(configFile)
    , m_clock(clock)
    , m_server([this] { return snapshot(); }, clock)
{
    connect(&publisher, &Publisher::stateChanged, this, &StatusReport::look);
    connect(&publisher, &Publisher::problemChanged, this, &StatusReport::look);
    connect(&publisher, &Publisher::llmsChanged, this, &StatusReport::look);
    connect(&publisher, &Publisher::requestsChanged, &m_server, &status::StatusServer::touch);
    connect(&publisher, &Publisher::wakeEnded, this, [this](const QString &llm, const Result<void> &result) {
        m_attentions.wakeEnded(llm, result);
        m_server.touch();
    });
}

Result<void> StatusReport::listen(const QString &socketPath)
{
    return m_server.listen(socketPath);
}

void StatusReport::look()
{
    m_attentions.look(status::Attentions::factsOf(m_publisher));
    m_server.touch();
}

status::PublisherSnapshot StatusReport::snapshot()
{
    status::PublisherSnapshot snapshot = status::snapshotOf(m_publisher, nullptr, m_clock);
    snapshot.situation = status::Situation::Here;
    snapshot.configFile = m_configFile;
    snapshot.attentions = m_attentions.list();
    return snapshot;
}

} // namespace hearth::headless
