#include "iconpainter.h"

#include <QPainter>
#include <QPainterPath>

namespace hearth::indicator {

using board::IndicatorState;

namespace {

// All shapes are drawn on a grid of 16 units, which is one unit a pixel at the smallest size.
constexpr qreal gridSize = 16;
constexpr qreal outlineWidth = 1.5;

// Relative luminances between 0.15 and 0.29: 3:1 against white, and against #202020.
QColor colorOf(IndicatorState state)
{
    switch (state) {
    case IndicatorState::Attention:
        return {0xdc, 0x3a, 0x3a};
    case IndicatorState::Offline:
        return {0x7f, 0x7f, 0x7f};
    case IndicatorState::Connecting:
        return {0x2f, 0x86, 0xd1};
    case IndicatorState::Waking:
        return {0x9a, 0x6f, 0xd6};
    case IndicatorState::Resting:
        return {0x6f, 0x82, 0x90};
    case IndicatorState::Busy:
    case IndicatorState::Idle:
        return {0xd9, 0x60, 0x1a};
    }
    Q_UNREACHABLE();
}

constexpr QColor busyBadge(0x23, 0x93, 0x4f);

QPainterPath flame()
{
    QPainterPath path(QPointF(8.8, 0.6));
    path.cubicTo(9.4, 3.4, 13.0, 5.2, 13.0, 8.8);
    path.cubicTo(13.0, 11.4, 10.8, 13.2, 8.0, 13.2);
    path.cubicTo(5.2, 13.2, 3.0, 11.4, 3.0, 8.8);
    path.cubicTo(3.0, 7.0, 3.9, 5.8, 4.9, 4.8);
    path.cubicTo(5.1, 5.9, 5.5, 6.5, 6.3, 6.9);
    path.cubicTo(6.1, 4.4, 7.0, 2.0, 8.8, 0.6);
    path.closeSubpath();
    return path;
}

/// `scale` times as large, with its foot at `foot`.
QPainterPath flame(qreal scale, QPointF foot)
{
    return QTransform().translate(foot.x(), foot.y()).scale(scale, scale).translate(-8.0, -13.2).map(flame());
}

void drawStone(QPainter &painter)
{
    painter.drawRoundedRect(QRectF(1, 14, 14, 2), 0.7, 0.7);
}

/// The outline runs inside of the shape, so that it stays as large as the filled one.
void drawOutline(QPainter &painter, const QPainterPath &shape, const QColor &color)
{
    painter.save();
    painter.setClipPath(shape);
    painter.strokePath(shape, QPen(color, 2 * outlineWidth));
    painter.restore();
}

void drawBusy(QPainter &painter)
{
    const QRectF badge(9.6, 0.2, 6.2, 6.2);
    painter.drawPath(flame());
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.drawEllipse(badge.adjusted(-1.1, -1.1, 1.1, 1.1));
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    painter.setBrush(busyBadge);
    painter.drawEllipse(badge);
}

/// A ring with a gap that turns, around an ember.
void drawConnecting(QPainter &painter, int frame, const QColor &color)
{
    const int sixteenths = 16;
    const int start = -frame * 360 / frameCount(IndicatorState::Connecting);
    painter.drawPath(flame(0.5, QPointF(8, 11.4)));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::FlatCap));
    painter.drawArc(QRectF(1.2, 1.2, 13.6, 13.6), start * sixteenths, 270 * sixteenths);
}

/// The moon that it sleeps under, and a flame that grows in its lap.
void drawWaking(QPainter &painter, int frame)
{
    QPainterPath night;
    night.addEllipse(QRectF(0.6, 0.4, 13.0, 13.0));
    QPainterPath day;
    day.addEllipse(QRectF(4.4, -1.6, 13.0, 13.0));
    painter.drawPath(night.subtracted(day));
    if (frame > 0)
        painter.drawPath(flame(0.28 + 0.14 * frame, QPointF(10.9, 10.4)));
}

void drawResting(QPainter &painter)
{
    painter.drawRoundedRect(QRectF(3, 1, 4, 12), 1, 1);
    painter.drawRoundedRect(QRectF(9, 1, 4, 12), 1, 1);
}

/// A warning sign with the mark cut out of it.
void drawAttention(QPainter &painter, const QColor &color)
{
    const QPolygonF sign({{8, 1.6}, {15, 14.6}, {1, 14.6}});
    painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolygon(sign);
    painter.setPen(Qt::NoPen);
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.drawRoundedRect(QRectF(7, 4.8, 2, 5.2), 0.8, 0.8);
    painter.drawEllipse(QRectF(6.9, 11.2, 2.2, 2.2));
}

void draw(QPainter &painter, IndicatorState state, int frame, const QColor &color)
{
    switch (state) {
    case IndicatorState::Attention:
        return drawAttention(painter, color);
    case IndicatorState::Connecting:
        return drawConnecting(painter, frame, color);
    case IndicatorState::Offline:
        drawStone(painter);
        return drawOutline(painter, flame(), color);
    case IndicatorState::Waking:
        drawStone(painter);
        return drawWaking(painter, frame);
    case IndicatorState::Resting:
        drawStone(painter);
        return drawResting(painter);
    case IndicatorState::Busy:
        drawStone(painter);
        return drawBusy(painter);
    case IndicatorState::Idle:
        drawStone(painter);
        return painter.drawPath(flame());
    }
}

} // namespace

int frameCount(IndicatorState state)
{
    if (state == IndicatorState::Connecting)
        return 8;
    return state == IndicatorState::Waking ? 4 : 1;
}

Duration frameInterval(IndicatorState state)
{
    // A wake is what the owner waits for; a server that is away may stay so for hours, and deserves less attention.
    return state == IndicatorState::Waking ? Duration(300) : Duration(500);
}

QImage paintIcon(IndicatorState state, int frame, int size)
{
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const QColor color = colorOf(state);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(size / gridSize, size / gridSize);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    draw(painter, state, frame, color);
    return image;
}

} // namespace hearth::indicator
