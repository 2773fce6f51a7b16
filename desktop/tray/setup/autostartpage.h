// AutostartPage: whether the program starts with the desktop; off unless it is ticked. Main thread.

#pragma once

#include "setuppage.h"

class QCheckBox;
class QPlainTextEdit;

namespace hearth::setup {

class AutostartPage final : public SetupPage
{
    Q_OBJECT

public:
    explicit AutostartPage(SetupState &state);

    void initializePage() override;

private:
    QCheckBox *m_starts;
    QLabel *m_file;
    QPlainTextEdit *m_text;
};

} // namespace hearth::setup
