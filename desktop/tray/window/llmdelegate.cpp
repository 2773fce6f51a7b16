#include "llmdelegate.h"

#include "llmmodel.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>

namespace hearth::window {

namespace {

using board::LlmModel;

int padding(const QStyleOptionViewItem &option)
{
    return option.fontMetrics.height() / 2;
}

// Closer at the sides, where the words of the header stand.
QRect contents(const QStyleOptionViewItem &option)
{
    const int space = padding(option);
    return option.rect.adjusted(space / 2, space, -space / 2, -space);
}

// A square at the end of the cell.
QRect buttonRect(const QStyleOptionViewItem &option)
{
    const int size = option.fontMetrics.height() * 3 / 2;
    const QRect square(0, 0, size, size);
    return QStyle::alignedRect(option.direction, Qt::AlignRight | Qt::AlignVCenter, square.size(), contents(option));
}

QColor textColor(const QStyleOptionViewItem &option, QPalette::ColorRole role)
{
    const bool isSelected = option.state & QStyle::State_Selected;
    const bool isActive = option.state & QStyle::State_Active;
    return option.palette.color(isActive ? QPalette::Active : QPalette::Inactive,
                                isSelected ? QPalette::HighlightedText : role);
}

void drawLine(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area, const QString &text,
              QPalette::ColorRole role)
{
    painter.setPen(textColor(option, role));
    const QString shown = option.fontMetrics.elidedText(text, Qt::ElideRight, area.width());
    painter.drawText(area, int(option.displayAlignment), shown);
}

void drawProgress(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area, double progress)
{
    const double height = std::max(area.height() / 12.0, 2.0);
    QRectF bar(area.left(), area.bottom() - height + 1, area.width(), height);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    QColor track = textColor(option, QPalette::Text);
    track.setAlphaF(0.2F);
    painter.setBrush(track);
    painter.drawRoundedRect(bar, height / 2, height / 2);
    bar.setWidth(bar.width() * progress);
    painter.setBrush(textColor(option, QPalette::Highlight));
    painter.drawRoundedRect(bar, height / 2, height / 2);
}

void drawButton(QPainter &painter, const QStyleOptionViewItem &option)
{
    const QStyle *const style = option.widget ? option.widget->style() : QApplication::style();
    QStyleOptionButton button;
    button.rect = buttonRect(option);
    button.palette = option.palette;
    button.fontMetrics = option.fontMetrics;
    button.state = QStyle::State_Enabled | QStyle::State_Raised;
    button.icon = style->standardIcon(QStyle::SP_DialogCancelButton, nullptr, option.widget);
    button.iconSize = button.rect.size() * 0.6;
    style->drawControl(QStyle::CE_PushButton, &button, &painter, option.widget);
}

} // namespace

bool LlmDelegate::hasButton(const QModelIndex &index) const
{
    return m_isControllable && index.data(LlmModel::WakeProgressRole).isValid();
}

void LlmDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = std::exchange(cell.text, QString());
    const QStyle *const style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    QRect area = contents(cell);
    painter->save();
    painter->setFont(cell.font);
    if (hasButton(index)) {
        drawButton(*painter, cell);
        area.setRight(buttonRect(cell).left() - padding(cell));
    }
    const QString detail = index.data(LlmModel::DetailRole).toString();
    if (detail.isEmpty()) {
        drawLine(*painter, cell, area, text, QPalette::Text);
    } else {
        const int line = cell.fontMetrics.height();
        const QRect upper(area.left(), area.center().y() - line, area.width(), line);
        drawLine(*painter, cell, upper, text, QPalette::Text);
        drawLine(*painter, cell, upper.translated(0, line), detail, QPalette::PlaceholderText);
    }
    if (const QVariant progress = index.data(LlmModel::WakeProgressRole); progress.isValid())
        drawProgress(*painter, cell, area.adjusted(0, 0, 0, padding(cell) / 2), progress.toDouble());
    painter->restore();
}

QSize LlmDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int space = padding(option);
    return {QStyledItemDelegate::sizeHint(option, index).width() + space, 2 * option.fontMetrics.height() + 2 * space};
}

bool LlmDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                              const QModelIndex &index)
{
    if (event->type() == QEvent::MouseButtonRelease && hasButton(index)) {
        const auto *const mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && buttonRect(option).contains(mouse->position().toPoint())) {
            Q_EMIT cancelRequested(index.data(LlmModel::NameRole).toString());
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace hearth::window
