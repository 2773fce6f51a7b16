// LineField: one line for a text, a path, a number, a duration or a size.
//
// An empty line means the default, which stands in it as long as nothing else does. Anything can be typed: what is no
// number is written as it is, for checkConfig() to judge. Main thread.

#pragma once

#include "field.h"

class QLineEdit;

namespace hearth::fields {

class LineField final : public Field
{
    Q_OBJECT

public:
    LineField(DraftEditor &editor, const Setting &setting, QWidget *parent);

    QLineEdit *line() const { return m_line; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void load() override;
    void store() override;

private:
    void browse();

    QLineEdit *m_line;
};

} // namespace hearth::fields
