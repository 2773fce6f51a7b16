// ModelsPage: which models are shared, under which names.
//
// When it is entered it looks for backends on the usual ports, and asks those that the file has; others are added by
// address. Main thread.

#pragma once

#include "backendfinder.h"
#include "setuppage.h"

#include <memory>
#include <vector>

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
    void askKnown(const KnownBackend &backend);
    void addByAddress();
    void write();

    ModelTree *m_tree;
    fields::NoteLine *m_note;
    QPushButton *m_lookAgain;
    QPushButton *m_add;
    /// Looks on the usual ports.
    discovery::BackendFinder m_finder;
    /// One for each backend that the file has.
    std::vector<std::unique_ptr<discovery::BackendFinder>> m_askers;
    bool m_foundAny = false;
};

} // namespace hearth::setup
