// Metrics: what an operator watches, for Prometheus.
//
// The relay tells it of every request and every wake that is over; the server asks it for the text of `GET /metrics`.
// It counts and adds up: who used what is the usage room's affair, and single requests are the log's. Labels are
// enumerations, never a key or a name (labelled.h). Main thread only.

#pragma once

#include "livestate.h"
#include "metricssettings.h"
#include "requestrecord.h"

#include <QByteArray>

#include <memory>

namespace hearth::metrics {

class Metrics final : public relay::RelayObserver
{
public:
    /// `clock` must outlive the metrics; `version` is that of the program.
    Metrics(Clock &clock, const MetricsSettings &settings, const QString &version);
    ~Metrics() override;

    void requestEnded(const relay::RequestRecord &record) override;
    void wakeEnded(const relay::WakeRecord &record) override;

    /// All that was counted and what is there now, in Prometheus' text format 0.0.4.
    QByteArray text(const LiveState &now) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::metrics
