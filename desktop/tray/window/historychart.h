// HistoryChart: one number for each minute of the last hour, as bars.
//
// ActivityPanel owns two. It draws nothing but the bars: words stand beside it, and are its accessible description. It
// repaints only when a bar has changed. Main thread.

#pragma once

#include <QWidget>

#include <vector>

namespace hearth::window {

class HistoryChart final : public QWidget
{
    Q_OBJECT

public:
    explicit HistoryChart(QWidget *parent = nullptr);

    /// The present minute last.
    void setValues(std::vector<qint64> values);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<qint64> m_values;
};

} // namespace hearth::window
