// NotificationPreferences: which notifications the owner wants, each on its own. Main thread.

#pragma once

#include "drafteditor.h"

#include <QWidget>

namespace hearth::preferences {

class NotificationPreferences final : public QWidget
{
    Q_OBJECT

public:
    NotificationPreferences(fields::DraftEditor &editor, QWidget *parent);
};

} // namespace hearth::preferences
