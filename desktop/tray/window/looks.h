// The looks that the panels of the window share: headings, quiet and selectable words, tables.
//
// Pure functions on widgets that are being made. All sizes come from fonts and styles, all colours from the palette.
// Main thread.

#pragma once

#include <QString>

#include <initializer_list>

class QAction;
class QHeaderView;
class QLabel;
class QTableView;
class QToolButton;
class QWidget;

namespace hearth::window {

/// The title of a panel. `buddy` may be null; else it gets the focus by the title's mnemonic.
QLabel *makeHeading(const QString &title, QWidget *buddy, QWidget *parent);
/// For words that stand back behind others.
void makeQuiet(QLabel &label);
/// A person can select and copy the text. `name` is for those who cannot see where it stands.
void makeSelectable(QLabel &label, const QString &name);
/// A table of whole rows, one of which can be selected, that gets focus and gives it back by the tabulator.
void makeTable(QTableView &table, const QString &name);
/// In digits, for the columns from the first one on; none is narrower than its title.
void setColumnWidths(QHeaderView &header, std::initializer_list<int> digits);
/// A button with the action's words.
QToolButton *makeButton(QAction *action, QWidget *parent);
/// As wide as this many digits.
int digitsWide(const QWidget &widget, int digits);

} // namespace hearth::window
