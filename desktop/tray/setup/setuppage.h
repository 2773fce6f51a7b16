// SetupPage: a page of the wizard that says in words what is still missing on it.
//
// Next is enabled while nothing is; the line at the foot of the page tells why it is not. Main thread.

#pragma once

#include "noteline.h"
#include "setupstate.h"

#include <QWizardPage>

class QLabel;
class QVBoxLayout;

namespace hearth::setup {

class SetupPage : public QWizardPage
{
    Q_OBJECT

public:
    bool isComplete() const final { return missing().isEmpty(); }

    /// Gives up what is under way: the page is left, or the wizard is closed.
    virtual void leave() {}

protected:
    /// `state` must outlive the page.
    SetupPage(SetupState &state, const QString &title, const QString &subtitle);

    SetupState &state() const { return m_state; }

    /// Where the page puts its own widgets, above the line.
    QVBoxLayout &content() const { return *m_content; }

    /// What a person has to do before the next page; empty when nothing.
    virtual QString missing() const { return {}; }

    /// To be called when the answer of missing() may be another one.
    void missingChanged();

    /// A paragraph.
    QLabel *addText(const QString &text);

    void initializePage() override { missingChanged(); }

    void cleanupPage() override { leave(); }

private:
    SetupState &m_state;
    QVBoxLayout *m_content;
    fields::NoteLine *m_missing;
};

} // namespace hearth::setup
