#include "summarypage.h"

#include <QFormLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <QWizard>

namespace hearth::setup {

using fields::NoteLine;

SummaryPage::SummaryPage(SetupState &state)
    : SetupPage(state, tr("Ready to share"), tr("This is what happens when you save."))
    , m_facts(new QFormLayout)
    , m_result(new NoteLine(this))
    , m_saver(state)
{
    auto *box = new QWidget(this);
    box->setLayout(m_facts);
    m_facts->setContentsMargins({});
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(box);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("What happens when you save"));
    content().addWidget(scroll, 1);
    content().addWidget(m_result);
    m_result->setObjectName(QStringLiteral("result"));
    setButtonText(QWizard::NextButton, tr("&Save and share"));
    connect(&m_saver, &SetupSaver::finished, this, &SummaryPage::saved);
}

void SummaryPage::initializePage()
{
    m_phase = Phase::Open;
    m_result->clear();
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    addFact(tr("Server:"), state().server().toString());
    addFact(tr("Key:"), state().key.isEmpty() ? tr("The one that is stored already.") : tr("Will be stored."));
    addFact(tr("Models:"), models());
    addFact(tr("Wake up:"), wakes());
    addFact(tr("At login:"), state().startsWithDesktop ? tr("Hearth is started.") : tr("Hearth is not started."));
    addFact(tr("Saved in:"), state().parts.configFile);
    missingChanged();
}

void SummaryPage::addFact(const QString &label, const QString &text)
{
    auto *value = new QLabel(text, this);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->addRow(label, value);
}

QString SummaryPage::models() const
{
    QStringList lines;
    for (const ModelChoice &model : state().published()) {
        lines.append(model.name == model.model ? tr("%1 at %2").arg(model.name, model.url)
                                               : tr("%1, which is %2 at %3").arg(model.name, model.model, model.url));
    }
    return lines.join(u'\n');
}

QString SummaryPage::wakes() const
{
    const draft::ConfigDraft &draft = state().editor.draft();
    QStringList names;
    for (const ModelChoice &model : state().published()) {
        const std::optional<QString> entry = draft.entry(QStringLiteral("llms"), model.entry);
        if (entry && draft.hasSection(*entry + QStringLiteral(".wake")))
            names.append(model.name);
    }
    return names.isEmpty() ? tr("No backend is started on demand.")
                           : tr("Requests start the backend of %1.").arg(names.join(QStringLiteral(", ")));
}

bool SummaryPage::validatePage()
{
    switch (m_phase) {
    case Phase::Open:
        m_phase = Phase::Saving;
        m_result->clear();
        missingChanged();
        m_saver.start();
        return false;
    case Phase::Saving:
        return false;
    case Phase::Saved:
        return true;
    }
    Q_UNREACHABLE();
}

void SummaryPage::leave()
{
    m_saver.cancel();
}

QString SummaryPage::missing() const
{
    return m_phase == Phase::Saving ? tr("Saving… If your keyring asks for its password, unlock it.") : QString();
}

void SummaryPage::saved(const Result<void> &result, const QString &notice)
{
    m_phase = result ? Phase::Saved : Phase::Open;
    missingChanged();
    if (!result) {
        const QString message = result.error().message;
        return m_result->show(NoteLine::Kind::Problem, notice.isEmpty() ? message : message + u'\n' + notice);
    }
    state().notice = notice;
    wizard()->next();
}

} // namespace hearth::setup
