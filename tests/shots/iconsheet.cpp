#include "iconsheet.h"

#include "iconpainter.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>

#include <numeric>

namespace hearth::shots {

namespace {

using board::IndicatorState;

constexpr int space = 12;
constexpr int rowHeight = 64 + 2 * space;
/// A small icon with its pixels to be counted.
constexpr int enlargedSize = 22;
constexpr int enlargement = 3;

int panelWidth()
{
    const int gaps = space * (int(std::size(indicator::iconSizes)) + 1);
    return std::accumulate(std::begin(indicator::iconSizes), std::end(indicator::iconSizes), gaps);
}

int labelWidth()
{
    const QFontMetrics font{QGuiApplication::font()};
    int widest = 0;
    for (const IndicatorState state : board::allIndicatorStates)
        widest = std::max(widest, font.horizontalAdvance(board::StatusWords::stateName(state)));
    return widest + 2 * space;
}

/// With `left` where the panel begins.
void paintPanel(QPainter &painter, int left, int top, const QColor &ground, IndicatorState state)
{
    painter.fillRect(left, top, panelWidth(), rowHeight, ground);
    int x = left + space;
    for (const int size : indicator::iconSizes) {
        const int pixels = qRound(size * painter.device()->devicePixelRatio());
        const QRect place(x, top + (rowHeight - size) / 2, size, size);
        painter.drawImage(place, indicator::paintIcon(state, 0, pixels));
        x += size + space;
    }
}

} // namespace

QImage paintIconSheet(int ratio)
{
    const int enlarged = enlargedSize * enlargement;
    const int light = labelWidth();
    const int dark = light + panelWidth();
    const int large = dark + panelWidth() + space;
    const QSize size(large + enlarged + space, rowHeight * int(std::size(board::allIndicatorStates)));
    QImage sheet(size * ratio, QImage::Format_RGB32);
    sheet.setDevicePixelRatio(ratio);
    const QPalette palette = QGuiApplication::palette();
    sheet.fill(palette.color(QPalette::Window));
    QPainter painter(&sheet);
    painter.setPen(palette.color(QPalette::WindowText));
    int top = 0;
    for (const IndicatorState state : board::allIndicatorStates) {
        const QRect label(space, top, light - space, rowHeight);
        painter.drawText(label, Qt::AlignVCenter | Qt::AlignLeft, board::StatusWords::stateName(state));
        paintPanel(painter, light, top, QColor(0xf4, 0xf4, 0xf4), state);
        paintPanel(painter, dark, top, QColor(0x20, 0x20, 0x20), state);
        // Without smoothing: it is about the pixels.
        painter.drawImage(QRect(large, top + (rowHeight - enlarged) / 2, enlarged, enlarged),
                          indicator::paintIcon(state, 0, enlargedSize));
        top += rowHeight;
    }
    return sheet;
}

} // namespace hearth::shots
