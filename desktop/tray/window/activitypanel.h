// ActivityPanel: requests and tokens over the last hour, as two small charts with words.
//
// MainWindow owns one and hands it snapshots. Main thread.

#pragma once

#include "publishersnapshot.h"

#include <QWidget>

class QLabel;

namespace hearth::window {

class HistoryChart;

class ActivityPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPanel(QWidget *parent = nullptr);

    void setHistory(const std::vector<status::MinuteSnapshot> &lastHour);

private:
    struct Series
    {
        QLabel *words;
        HistoryChart *chart;
    };

    Series addSeries(const QString &title, const QString &objectName);
    static void fill(const Series &series, std::vector<qint64> values);

    Series m_requests{};
    Series m_tokens{};
};

} // namespace hearth::window
