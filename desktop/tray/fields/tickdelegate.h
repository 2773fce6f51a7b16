// TickDelegate: rows with a box to be ticked, which can be seen on every ground and hit with a mouse.
//
// EntryList and the wizard's models have it. Main thread.

#pragma once

#include <QStyledItemDelegate>

namespace hearth::fields {

class TickDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace hearth::fields
