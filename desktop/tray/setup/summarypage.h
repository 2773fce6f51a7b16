// SummaryPage: what will be shared, and how; leaving it forwards saves it. Main thread.

#pragma once

#include "setuppage.h"
#include "setupsaver.h"

class QFormLayout;

namespace hearth::setup {

class SummaryPage final : public SetupPage
{
    Q_OBJECT

public:
    explicit SummaryPage(SetupState &state);

    void initializePage() override;
    bool validatePage() override;
    void leave() override;

protected:
    QString missing() const override;

private:
    enum class Phase { Open, Saving, Saved };

    void addFact(const QString &label, const QString &text);
    QString models() const;
    QString wakes() const;
    void saved(const Result<void> &result, const QString &notice);

    QFormLayout *m_facts;
    fields::NoteLine *m_result;
    SetupSaver m_saver;
    Phase m_phase = Phase::Open;
};

} // namespace hearth::setup
