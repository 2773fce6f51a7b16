#include "checkrun.h"

#include "publisher.h"

namespace hearth::headless {

QString lineOf(const publisher::Finding &finding)
{
    return (finding.isWell ? QStringLiteral("ok    ") : QStringLiteral("FAIL  ")) + finding.text;
}

CheckRun::CheckRun(const publisher::PublisherSettings &settings, Terminal &terminal, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_client(publisher::httpClientSettings(settings), clock)
    , m_dialer({settings.channel, settings.caFile}, clock)
    , m_check(settings, m_dialer, m_client, clock)
{
    connect(&m_check, &publisher::SelfCheck::found, this,
            [&terminal](const publisher::Finding &finding) { terminal.say(lineOf(finding)); });
    connect(&m_check, &publisher::SelfCheck::finished, this, &CheckRun::finished);
}

} // namespace hearth::headless
