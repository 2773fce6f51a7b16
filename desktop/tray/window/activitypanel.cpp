#include "activitypanel.h"

#include "historychart.h"
#include "looks.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::window {

namespace {

qint64 highest(const std::vector<qint64> &values)
{
    return values.empty() ? 0 : *std::ranges::max_element(values);
}

QString words(const std::vector<qint64> &values)
{
    if (values.empty())
        return ActivityPanel::tr("not counted");
    if (highest(values) == 0)
        return ActivityPanel::tr("none in the last hour");
    return ActivityPanel::tr("%1 this minute, at most %2 a minute")
        .arg(QLocale().toString(values.back()), QLocale().toString(highest(values)));
}

} // namespace

ActivityPanel::ActivityPanel(QWidget *parent)
    : QWidget(parent)
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    m_requests = addSeries(tr("Requests"), QStringLiteral("requestHistory"));
    layout->addSpacing(fontMetrics().height() / 2);
    m_tokens = addSeries(tr("Tokens"), QStringLiteral("tokenHistory"));
    auto *const axis = new QHBoxLayout;
    for (const QString &text : {tr("an hour ago"), tr("now")}) {
        auto *const label = new QLabel(text, this);
        makeQuiet(*label);
        axis->addWidget(label);
    }
    axis->insertStretch(1);
    layout->addLayout(axis);
    setHistory({});
}

ActivityPanel::Series ActivityPanel::addSeries(const QString &title, const QString &objectName)
{
    const Series series{new QLabel(this), new HistoryChart(this)};
    series.chart->setObjectName(objectName);
    series.chart->setAccessibleName(tr("%1 in the last hour").arg(title));
    makeQuiet(*series.words);
    auto *const head = new QHBoxLayout;
    head->addWidget(makeHeading(title, nullptr, this));
    head->addStretch();
    head->addWidget(series.words);
    auto *const column = static_cast<QVBoxLayout *>(layout());
    column->addLayout(head);
    column->addWidget(series.chart, 1);
    return series;
}

void ActivityPanel::setHistory(const std::vector<status::MinuteSnapshot> &lastHour)
{
    std::vector<qint64> requests;
    std::vector<qint64> tokens;
    for (const status::MinuteSnapshot &minute : lastHour) {
        requests.push_back(minute.requests);
        tokens.push_back(minute.tokens);
    }
    fill(m_requests, std::move(requests));
    fill(m_tokens, std::move(tokens));
}

void ActivityPanel::fill(const Series &series, std::vector<qint64> values)
{
    const QString text = words(values);
    series.words->setText(text);
    series.chart->setAccessibleDescription(text);
    series.chart->setValues(std::move(values));
}

} // namespace hearth::window
