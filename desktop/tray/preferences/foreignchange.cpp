#include "foreignchange.h"

#include "noteline.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace hearth::preferences {

ForeignChange::ForeignChange(QWidget *parent)
    : QWidget(parent)
{
    auto *note = new fields::NoteLine(this);
    note->show(fields::NoteLine::Kind::Warning, tr("Somebody else has changed the file while you were editing."));
    auto *theirs = new QPushButton(tr("&Take over the file"), this);
    auto *mine = new QPushButton(tr("&Keep what I typed"), this);
    theirs->setObjectName(QStringLiteral("takeTheirs"));
    mine->setObjectName(QStringLiteral("keepMine"));
    theirs->setAccessibleDescription(tr("Drops what you typed and shows what the file says now"));
    mine->setAccessibleDescription(tr("Saving will replace what the file says now"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(note, 1);
    layout->addWidget(theirs);
    layout->addWidget(mine);
    connect(theirs, &QPushButton::clicked, this, &ForeignChange::theirsChosen);
    connect(mine, &QPushButton::clicked, this, &ForeignChange::mineChosen);
    hide();
}

} // namespace hearth::preferences
