// Field: binds one input to one path of the draft that is being edited.
//
// It reads what the draft says, writes what is typed, explains the setting in the words of its table and shows what
// checkConfig() says about it, below the input. The kinds of fields differ in their input: see linefield.h and its
// neighbours; fieldform.h puts them below each other. A value that is the default is not written: its key is removed
// from the file. Main thread.

#pragma once

#include "drafteditor.h"
#include "noteline.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace hearth::fields {

class Field : public QWidget
{
    Q_OBJECT

public:
    /// `editor` must outlive the field.
    Field(DraftEditor &editor, Setting setting, QWidget *parent);

    const QString &path() const { return m_path; }

    const Setting &setting() const { return m_setting; }

    /// Binds the field to another place; an empty path to none, and disables it.
    void setPath(const QString &path);
    /// Shows what the draft says.
    void reload();
    /// Writes what is shown, as if it had just been typed.
    void commit();

    /// What takes the keyboard, and has the label for its name.
    QWidget *input() const { return m_input; }

    /// Whether a problem with this key is this field's to show.
    virtual bool covers(const QString &key) const { return !m_path.isEmpty() && isAtOrBelow(key, m_path); }

    /// The problem that is shown; empty when there is none.
    QString problem() const { return m_problem->text(); }

    /// A button or the like behind the input.
    void addBeside(QWidget *widget);

protected:
    /// Puts the input into its place; to be called once, by the constructor of each kind.
    void setInput(QWidget *input);

    DraftEditor &editor() const { return m_editor; }

    /// For store(): what the file cannot hold becomes the problem of this field.
    void write(const DraftEditor::Writing &writing) { m_editor.write(m_path, writing); }

    virtual void load() = 0;
    virtual void store() = 0;

    /// The judgement in better words, where the field has them.
    virtual QString reworded(const QString &judgement) const { return judgement; }

private:
    void showProblem();

    DraftEditor &m_editor;
    Setting m_setting;
    QString m_path;
    bool m_isLoading = false;
    QWidget *m_input = nullptr;
    QHBoxLayout *m_row;
    QLabel *m_help;
    NoteLine *m_problem;
};

} // namespace hearth::fields
