// EventCount: counts the events of one type that reach a widget.
//
// Used by the tests of the window, to learn what is painted and how often. Main thread.

#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QWidget>

namespace hearth::window {

class EventCount final : public QObject
{
public:
    /// `widget` must outlive it.
    EventCount(QWidget &widget, QEvent::Type type)
        : m_widget(widget)
        , m_type(type)
    {
        QCoreApplication::instance()->installEventFilter(this);
    }

    /// Since the last call.
    int take() { return std::exchange(m_count, 0); }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == &m_widget && event->type() == m_type)
            ++m_count;
        return false;
    }

private:
    QWidget &m_widget;
    QEvent::Type m_type;
    int m_count = 0;
};

} // namespace hearth::window
