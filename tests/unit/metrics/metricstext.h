// MetricsText: Prometheus' text format 0.0.4, read as strictly as a scraper would.
//
// For tests. It knows the format and no metric.

#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace hearth::testsupport {

class MetricsText
{
public:
    using Labels = QMap<QString, QString>;

    explicit MetricsText(const QByteArray &text);

    /// What a scraper would complain about; empty for a well-formed text.
    QStringList problems() const { return m_problems; }

    /// Of `name` with exactly these labels; nothing when there is no such sample.
    std::optional<double> value(const QString &name, const Labels &labels = {}) const;
    /// `name` and labels of each sample, sorted.
    QStringList series() const;

    /// The type of a family, empty for an unknown one.
    QString type(const QString &family) const { return m_types.value(family); }

private:
    struct Sample
    {
        QString name;
        Labels labels;
        double value;
    };

    void readComment(const QString &line);
    void readSample(const QString &line);
    void checkHistograms();

    void complain(const QString &what, const QString &line) { m_problems.append(what + u": " + line); }

    std::vector<Sample> m_samples;
    QMap<QString, QString> m_types;
    QStringList m_helped;
    QString m_family;
    QStringList m_problems;
};

} // namespace hearth::testsupport
