#include "metricstext.h"

#include <QRegularExpression>

#include <limits>

namespace hearth::testsupport {

namespace {

/// The labels of a histogram's bucket without `le`, as a text that tells histograms of one family apart.
QString histogramOf(MetricsText::Labels labels)
{
    labels.remove(QStringLiteral("le"));
    QStringList parts;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label)
        parts.append(label.key() + u'=' + label.value());
    return parts.join(u',');
}

double number(const QString &text)
{
    return text == QLatin1String("+Inf") ? std::numeric_limits<double>::infinity() : text.toDouble();
}

} // namespace

MetricsText::MetricsText(const QByteArray &text)
{
    if (!text.endsWith('\n'))
        complain(QStringLiteral("the last line has no end"), QString());
    for (const QString &line : QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u'#'))
            readComment(line);
        else
            readSample(line);
    }
    checkHistograms();
}

void MetricsText::readComment(const QString &line)
{
    static const QRegularExpression pattern(QStringLiteral("^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$"));
    const QRegularExpressionMatch match = pattern.match(line);
    if (!match.hasMatch())
        return complain(QStringLiteral("neither HELP nor TYPE"), line);
    const QString name = match.captured(2);
    if (match.captured(1) == QLatin1String("HELP")) {
        if (m_helped.contains(name))
            complain(QStringLiteral("a second HELP"), line);
        m_helped.append(name);
    } else {
        if (m_types.contains(name))
            complain(QStringLiteral("a second TYPE"), line);
        if (!m_helped.contains(name))
            complain(QStringLiteral("a TYPE without HELP"), line);
        m_types.insert(name, match.captured(3));
        m_family = name;
    }
}

void MetricsText::readSample(const QString &line)
{
    static const QRegularExpression pattern(
        QStringLiteral(R"(^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^{}]*)\})? (\+Inf|[0-9.e+-]+)$)"));
    static const QRegularExpression label(QStringLiteral(R"re(^([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]*)"$)re"));
    const QRegularExpressionMatch match = pattern.match(line);
    if (!match.hasMatch())
        return complain(QStringLiteral("not a sample"), line);
    Sample sample{match.captured(1), {}, number(match.captured(3))};
    for (const QString &text : match.captured(2).split(u',', Qt::SkipEmptyParts)) {
        const QRegularExpressionMatch part = label.match(text);
        if (!part.hasMatch() || sample.labels.contains(part.captured(1)))
            return complain(QStringLiteral("a broken label"), line);
        sample.labels.insert(part.captured(1), part.captured(2));
    }
    static const QStringList histogramParts{QStringLiteral("_bucket"), QStringLiteral("_sum"),
                                            QStringLiteral("_count")};
    const QString suffix = sample.name.mid(m_family.size());
    const bool isHistogram = type(m_family) == QLatin1String("histogram");
    if (!sample.name.startsWith(m_family) || !(isHistogram ? histogramParts.contains(suffix) : suffix.isEmpty()))
        complain(QStringLiteral("not of the family above"), line);
    if (value(sample.name, sample.labels))
        complain(QStringLiteral("a second sample"), line);
    m_samples.push_back(std::move(sample));
}

void MetricsText::checkHistograms()
{
    struct Last
    {
        double bound = -std::numeric_limits<double>::infinity();
        double count = 0;
    };

    QMap<QString, Last> lasts;
    for (const Sample &sample : m_samples) {
        if (!sample.name.endsWith(QLatin1String("_bucket")))
            continue;
        const QString family = sample.name.chopped(7);
        Last &last = lasts[family + histogramOf(sample.labels)];
        const double bound = number(sample.labels.value(QStringLiteral("le")));
        if (bound <= last.bound || sample.value < last.count)
            complain(QStringLiteral("buckets do not rise"), sample.name);
        last = {bound, sample.value};
        Labels labels = sample.labels;
        labels.remove(QStringLiteral("le"));
        if (bound == std::numeric_limits<double>::infinity() &&
            (value(family + u"_count", labels) != sample.value || !value(family + u"_sum", labels))) {
            complain(QStringLiteral("the last bucket is not all"), sample.name);
        }
    }
    for (auto last = lasts.cbegin(); last != lasts.cend(); ++last) {
        if (last->bound != std::numeric_limits<double>::infinity())
            complain(QStringLiteral("no bucket for all"), last.key());
    }
}

std::optional<double> MetricsText::value(const QString &name, const Labels &labels) const
{
    for (const Sample &sample : m_samples) {
        if (sample.name == name && sample.labels == labels)
            return sample.value;
    }
    return std::nullopt;
}

QStringList MetricsText::series() const
{
    QStringList all;
    for (const Sample &sample : m_samples)
        all.append(sample.name + u'{' + histogramOf(sample.labels) + u",le=" +
                   sample.labels.value(QStringLiteral("le")) + u'}');
    all.sort();
    return all;
}

} // namespace hearth::testsupport
