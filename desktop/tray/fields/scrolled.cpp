#include "scrolled.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace hearth::fields {

QWidget *scrolled(QWidget *content)
{
    auto *area = new QScrollArea;
    auto *page = new QWidget(area);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins({});
    layout->addWidget(content);
    // What is left over goes below the content, not between its rows.
    layout->addStretch(1);
    area->setWidget(page);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

} // namespace hearth::fields
