#include "tickdelegate.h"

namespace hearth::fields {

QSize TickDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, option.fontMetrics.height() / 2);
}

void TickDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    // Fusion frames the box in a darker shade of the window's colour: in a dark one nobody sees a box without a tick.
    option->palette.setColor(QPalette::Window, option->palette.color(QPalette::PlaceholderText));
}

} // namespace hearth::fields
