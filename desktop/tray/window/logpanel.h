// LogPanel: the log of this program, live: filtered by level, searched, followed, copied.
//
// MainWindow owns one. It follows new lines while its end is in sight; when the owner scrolls up that pauses, and the
// lines that he reads stay where they are although others come and go; when he scrolls back to the end it goes on. Main
// thread.

#pragma once

#include "logmodel.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QHeaderView;
class QLayout;
class QLineEdit;
class QStackedLayout;
class QTreeView;

namespace hearth::window {

class LogFilter;

class LogPanel final : public QWidget
{
    Q_OBJECT

public:
    /// `model` must outlive the panel.
    explicit LogPanel(board::LogModel &model, QWidget *parent = nullptr);

    QHeaderView *header() const;

private:
    QLayout *makeBar();
    void makeView();
    void makeFollowing();
    void keepPlace(int first, int last);
    void makeCopying();
    void copy(QModelIndexList rows) const;
    void linesChanged();

    LogFilter *m_filter;
    QComboBox *m_level;
    QLineEdit *m_search;
    QCheckBox *m_follow;
    /// The list has become so short that the bar is about to move.
    bool m_isRangeMoving = false;
    QTreeView *m_view;
    QStackedLayout *m_pages;
    QAction *m_copySelected;
    QAction *m_copyAll;
};

} // namespace hearth::window
