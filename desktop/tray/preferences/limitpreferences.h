// LimitPreferences: every limit and duration of the publisher, straight out of its table.
//
// The words are made from the keys and the help of the table, so that a setting that is new there is here as well; the
// catalogue has them where settingwords.h lists them.
// Main thread.

#pragma once

#include "drafteditor.h"

#include <QWidget>

namespace hearth::preferences {

class LimitPreferences final : public QWidget
{
    Q_OBJECT

public:
    LimitPreferences(fields::DraftEditor &editor, QWidget *parent);
};

} // namespace hearth::preferences
