#include "historychart.h"

#include <QPainter>

#include <algorithm>

namespace hearth::window {

HistoryChart::HistoryChart(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void HistoryChart::setValues(std::vector<qint64> values)
{
    if (values == m_values)
        return;
    m_values = std::move(values);
    update();
}

QSize HistoryChart::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, fontMetrics().height() * 3};
}

QSize HistoryChart::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 15, fontMetrics().height() * 2};
}

void HistoryChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRectF area = QRectF(rect()).adjusted(0, 0, 0, -1);
    QColor axis = palette().color(QPalette::WindowText);
    axis.setAlphaF(0.3F);
    painter.setPen(axis);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const qint64 highest = m_values.empty() ? 0 : *std::ranges::max_element(m_values);
    if (highest == 0)
        return;

    const double slot = area.width() / double(m_values.size());
    constexpr double gapShare = 0.25;
    // A bar that is there must be seen, however small it is beside the others.
    constexpr double leastHeight = 2;
    QColor past = palette().color(QPalette::Highlight);
    past.setAlphaF(0.6F);
    for (size_t at = 0; at < m_values.size(); ++at) {
        if (m_values[at] == 0)
            continue;
        const double height = std::max(area.height() * double(m_values[at]) / double(highest), leastHeight);
        const bool isPresent = at + 1 == m_values.size();
        painter.fillRect(QRectF(area.left() + slot * double(at), area.bottom() - height, slot * (1 - gapShare), height),
                         isPresent ? palette().color(QPalette::Highlight) : past);
    }
}

} // namespace hearth::window
