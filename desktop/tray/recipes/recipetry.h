// RecipeTry: the button by which an owner tries a recipe, and what has come of it, in words.
//
// The recipe is taken out of the draft and judged alone, so that it can be tried while something else in the
// configuration is still wrong. Main thread.

#pragma once

#include "configdraft.h"
#include "noteline.h"
#include "recipetrial.h"

#include <QProcessEnvironment>
#include <QWidget>

class QProgressBar;
class QPushButton;

namespace hearth::recipes {

enum class RecipeKind { Wake, Sleep };

/// The keys of the section: `wake`, `sleep`.
QString sectionOf(RecipeKind kind);

/// What the entry `llm` of the draft means when nothing else stands in the file. Errors: Configuration, with what is
/// wrong about it.
Result<publisher::LlmSettings> llmAlone(const draft::ConfigDraft &draft, const QString &llm,
                                        const QProcessEnvironment &environment);

class RecipeTry final : public QWidget
{
    Q_OBJECT

public:
    /// `subject` gives the Llm at the moment when the button is pressed.
    RecipeTry(RecipeKind kind, std::function<Result<publisher::LlmSettings>()> subject, Clock &clock,
              QWidget *parent = nullptr);

    /// Gives up what is under way and forgets the outcome.
    void clear();

private:
    void press();
    void showProgress(channel::WakePhase phase, Duration elapsed, Duration limit);
    void showEnd(bool worked, const QString &text);

    RecipeKind m_kind;
    std::function<Result<publisher::LlmSettings>()> m_subject;
    RecipeTrial m_trial;
    QPushButton *m_button;
    QProgressBar *m_bar;
    fields::NoteLine *m_note;
};

} // namespace hearth::recipes
