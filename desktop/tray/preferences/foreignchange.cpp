#include "foreignchange.h"

#include "noteline.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace hearth::preferences {

ForeignChange::ForeignChange(QWidget *parent)
    : QWidget(parent)
    , m_note(new fields::NoteLine(this))
    , m_theirs(new QPushButton(tr("Take o&ver the file"), this))
    , m_mine(new QPushButton(tr("Keep wh&at I typed"), this))
{
    m_note->setObjectName(QStringLiteral("foreignChange"));
    m_theirs->setObjectName(QStringLiteral("takeTheirs"));
    m_mine->setObjectName(QStringLiteral("keepMine"));
    m_theirs->setAccessibleDescription(tr("Drops what you typed and shows what the file says now"));
    m_mine->setAccessibleDescription(tr("Saving will replace what the file says now"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_note, 1);
    layout->addWidget(m_theirs);
    layout->addWidget(m_mine);
    connect(m_theirs, &QPushButton::clicked, this, &ForeignChange::theirsChosen);
    connect(m_mine, &QPushButton::clicked, this, &ForeignChange::mineChosen);
    setFocusProxy(m_mine);
    hide();
}

void ForeignChange::showChoice()
{
    // First: a note that cannot be seen yet tells screen readers nothing.
    show();
    m_note->show(fields::NoteLine::Kind::Warning, tr("Somebody else has changed the file while you were editing."));
    m_theirs->show();
    m_mine->show();
}

void ForeignChange::showBroken(const QString &reason)
{
    show();
    m_note->show(fields::NoteLine::Kind::Warning,
                 tr("Somebody else has changed the file, and it cannot be read now. Nothing is saved over it before it "
                    "has been mended in an editor. %1")
                     .arg(reason));
    m_theirs->hide();
    m_mine->hide();
}

} // namespace hearth::preferences
