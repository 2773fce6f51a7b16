// TextField: several lines for a text; objectfield.h makes it one for JSON.
//
// The tabulator leaves it, as it leaves every other input. Main thread.

#pragma once

#include "field.h"

class QPlainTextEdit;

namespace hearth::fields {

class TextField : public Field
{
    Q_OBJECT

public:
    TextField(DraftEditor &editor, const Setting &setting, QWidget *parent, int lines = 6);

    QPlainTextEdit *text() const { return m_text; }

protected:
    void load() override;
    void store() override;

private:
    QPlainTextEdit *m_text;
};

} // namespace hearth::fields
