// LimitPreferences: every limit and duration of the publisher, straight out of its table.
//
// The words are made from the keys and the help of the table, so that a setting that is new there is here as well.
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

/// `Watch interval` for `watchIntervalSeconds`, `Connect timeout` for `backend.connectTimeoutSeconds`.
QString labelOf(const Setting &setting);

} // namespace hearth::preferences
