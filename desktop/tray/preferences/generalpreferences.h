// GeneralPreferences: the server, the key, and what people call this box. Main thread.

#pragma once

#include "storedkeyfield.h"

namespace hearth::preferences {

class GeneralPreferences final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` must outlive it.
    GeneralPreferences(fields::DraftEditor &editor, const StoredKeyParts &parts, QWidget *parent);
};

} // namespace hearth::preferences
