#include "looks.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QToolButton>

namespace hearth::window {

QLabel *makeHeading(const QString &title, QWidget *buddy, QWidget *parent)
{
    auto *const heading = new QLabel(title, parent);
    QFont font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    heading->setBuddy(buddy);
    return heading;
}

void makeQuiet(QLabel &label)
{
    label.setForegroundRole(QPalette::PlaceholderText);
}

void makeSelectable(QLabel &label, const QString &name)
{
    label.setTextFormat(Qt::PlainText);
    label.setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label.setAccessibleName(name);
}

void makeTable(QTableView &table, const QString &name)
{
    table.setAccessibleName(name);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setContextMenuPolicy(Qt::ActionsContextMenu);
    table.setTabKeyNavigation(false);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.verticalHeader()->hide();
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setStretchLastSection(true);
}

void setColumnWidths(QHeaderView &header, std::initializer_list<int> digits)
{
    int column = 0;
    for (const int width : digits) {
        header.resizeSection(column, std::max(digitsWide(header, width), header.sectionSizeHint(column)));
        ++column;
    }
}

QToolButton *makeButton(QAction *action, QWidget *parent)
{
    auto *const button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

int digitsWide(const QWidget &widget, int digits)
{
    return widget.fontMetrics().horizontalAdvance(QString(digits, u'0'));
}

} // namespace hearth::window
