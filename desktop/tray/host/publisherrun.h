// PublisherRun: a Publisher with everything that one needs, from its making to its end.
//
// PublisherHost makes one for each configuration of a channel: settings that a running Publisher can take over go to
// the same run, others need a new one after this one has stopped. Main thread.

#pragma once

#include "publisher.h"

namespace hearth::host {

/// How a run reaches the world; tests replace it.
struct RunParts
{
    std::function<std::unique_ptr<publisher::Dialer>(const publisher::PublisherSettings &, Clock &)> makeDialer;
    std::function<std::unique_ptr<httpclient::HttpClient>(const publisher::PublisherSettings &, Clock &)> makeClient;
    publisher::Random random;
    publisher::StartRecipe startRecipe;

    /// The real one.
    static RunParts world();
};

class PublisherRun final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive it; what `key` uses, too. `stopLimit`: how long the end of recipes is waited for.
    PublisherRun(const publisher::PublisherSettings &settings, std::function<Result<QByteArray>()> key,
                 const RunParts &parts, Clock &clock, Duration stopLimit, QObject *parent = nullptr);
    ~PublisherRun() override;

    publisher::Publisher &publisher() { return m_publisher; }

    const publisher::Publisher &publisher() const { return m_publisher; }

    /// Ends everything; stopped() follows once, never from inside this call.
    void stop();

    bool isStopping() const { return m_stopTimer.isActive(); }

Q_SIGNALS:
    void stopped();

private:
    std::unique_ptr<publisher::Dialer> m_dialer;
    std::unique_ptr<httpclient::HttpClient> m_client;
    publisher::Publisher m_publisher;
    const Duration m_stopLimit;
    Timer m_stopTimer;
};

} // namespace hearth::host
