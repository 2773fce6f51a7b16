// Labelled: the metrics of one Prometheus family, told apart by enumerations.
//
// Labels are enumerations so that nothing from outside can become one: no key, no model and no owner, and no number of
// series that grows with them. Used by the metrics room only. A metric is made when it is first needed and found by its
// values from then on; counting a request makes no label texts. Main thread only.

#pragma once

#include <QLatin1String>

#include <prometheus/family.h>
#include <prometheus/histogram.h>

#include <array>
#include <map>
#include <tuple>
#include <type_traits>

namespace hearth::metrics {

template <typename Metric, typename... Keys>
class Labelled
{
    static_assert((std::is_enum_v<Keys> && ...), "Labels must be bounded.");

public:
    using Names = std::array<const char *, sizeof...(Keys)>;
    using Buckets = prometheus::Histogram::BucketBoundaries;

    /// `names` are those of the labels, in the order of the keys; their values are what toString() says of the keys.
    /// `family` must outlive this. Only histograms have `buckets`.
    Labelled(prometheus::Family<Metric> &family, Names names, Buckets buckets = {})
        : m_family(family)
        , m_names(names)
        , m_buckets(std::move(buckets))
    {}

    Metric &of(Keys... keys)
    {
        Metric *&metric = m_metrics[{keys...}];
        if (!metric)
            metric = &add(keys...);
        return *metric;
    }

private:
    Metric &add(Keys... keys)
    {
        const std::array<QLatin1String, sizeof...(Keys)> values{toString(keys)...};
        prometheus::Labels labels;
        for (size_t i = 0; i < values.size(); ++i)
            labels.emplace(m_names[i], std::string(values[i].data(), size_t(values[i].size())));
        if constexpr (std::is_same_v<Metric, prometheus::Histogram>)
            return m_family.Add(labels, m_buckets);
        else
            return m_family.Add(labels);
    }

    prometheus::Family<Metric> &m_family;
    const Names m_names;
    const Buckets m_buckets;
    std::map<std::tuple<Keys...>, Metric *> m_metrics;
};

} // namespace hearth::metrics
