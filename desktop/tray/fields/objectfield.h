// ObjectField: a map that Hearth passes on, written as JSON.
//
// A text that is no JSON object goes into the draft as a text, where checkConfig() refuses it; the field says in which
// line the JSON is broken. Main thread.

#pragma once

#include "textfield.h"

namespace hearth::fields {

class ObjectField final : public TextField
{
    Q_OBJECT

public:
    ObjectField(DraftEditor &editor, const Setting &setting, QWidget *parent);

protected:
    void load() override;
    void store() override;
    QString reworded(const QString &judgement) const override;
};

} // namespace hearth::fields
