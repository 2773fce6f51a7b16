// WakePage: how a backend is started when somebody wants it and it sleeps; optional.
//
// One recipe for each backend, which all of its models get. Main thread.

#pragma once

#include "setuppage.h"

class QComboBox;

namespace hearth::recipes {
class RecipeEditor;
}

namespace hearth::setup {

class WakePage final : public SetupPage
{
    Q_OBJECT

public:
    explicit WakePage(SetupState &state);

    void initializePage() override;
    void cleanupPage() override;
    bool validatePage() override;
    void leave() override;

protected:
    QString missing() const override;

private:
    struct Backend
    {
        QString url = {};
        /// The paths of its models; the first one has the recipe that is edited.
        QStringList entries = {};
        /// That recipe as it was when the page was entered.
        draft::ConfigDraft recipe = {};
    };

    void findBackends();
    void choose(int index);
    void spreadRecipes();

    std::vector<Backend> m_backends;
    QLabel *m_label;
    QComboBox *m_choice;
    recipes::RecipeEditor *m_recipe;
};

} // namespace hearth::setup
