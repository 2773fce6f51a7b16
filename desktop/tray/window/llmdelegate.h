// LlmDelegate: paints the cells of the models' table: two lines where there are two, and a bar under a wake that runs.
//
// ModelsPanel gives it to its view. Everything that it draws is also in the model's words, and the button in a waking
// cell is a shortcut for the mouse: ModelsPanel has the same as an action. Main thread.

#pragma once

#include <QStyledItemDelegate>

namespace hearth::window {

class LlmDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Whether a wake can be cancelled from here.
    void setControllable(bool isControllable) { m_isControllable = isControllable; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

Q_SIGNALS:
    void cancelRequested(const QString &llm);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    bool hasButton(const QModelIndex &index) const;

    bool m_isControllable = false;
};

} // namespace hearth::window
