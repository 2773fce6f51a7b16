// PinField: what an agent is pinned to: one model, or a pool.
//
// It binds two keys, `llm` and `pool`, of which a file may have one. The models of this box are offered; any other name
// can be typed, for the server may know it. Main thread.

#pragma once

#include "field.h"

class QComboBox;

namespace hearth::preferences {

class PinField final : public fields::Field
{
    Q_OBJECT

public:
    /// `setting` is `llm`.
    PinField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent);

    bool covers(const QString &key) const override;

protected:
    void load() override;
    void store() override;

private:
    /// In the order of the list to choose from.
    enum class Kind { Llm, Pool };

    QString pathOf(Kind kind) const;

    QComboBox *m_kind;
    QComboBox *m_name;
};

} // namespace hearth::preferences
