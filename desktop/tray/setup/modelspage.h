// ModelsPage: which models are shared, under which names.
//
// It looks for backends on the usual ports when it is entered; others are added by address. Main thread.

#pragma once

#include "backendfinder.h"
#include "setuppage.h"

class QPushButton;

namespace hearth::setup {

class ModelTree;

class ModelsPage final : public SetupPage
{
    Q_OBJECT

public:
    explicit ModelsPage(SetupState &state);

    void initializePage() override;
    void cleanupPage() override;
    bool validatePage() override;
    void leave() override;

protected:
    QString missing() const override;

private:
    void look();
    void lookedEverywhere();
    void addByAddress();
    void write();

    ModelTree *m_tree;
    fields::NoteLine *m_note;
    QPushButton *m_lookAgain;
    QPushButton *m_add;
    discovery::BackendFinder m_finder;
    bool m_foundAny = false;
};

} // namespace hearth::setup
