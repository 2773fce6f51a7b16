#include "revealing.h"

#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>

namespace hearth::preferences {

void reveal(QWidget &input)
{
    for (QWidget *child = &input; QWidget *parent = child->parentWidget(); child = parent) {
        auto *stack = qobject_cast<QStackedWidget *>(parent);
        if (!stack)
            continue;
        // The pages of a tab widget stand in a stack of its own, which must not be moved behind its back.
        if (auto *tabs = qobject_cast<QTabWidget *>(stack->parentWidget()))
            tabs->setCurrentWidget(child);
        else
            stack->setCurrentWidget(child);
    }
    input.setFocus(Qt::OtherFocusReason);
    for (QWidget *parent = input.parentWidget(); parent; parent = parent->parentWidget()) {
        if (auto *area = qobject_cast<QScrollArea *>(parent))
            area->ensureWidgetVisible(&input);
    }
}

} // namespace hearth::preferences
