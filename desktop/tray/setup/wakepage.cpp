#include "wakepage.h"

#include "recipeeditor.h"

#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::setup {

namespace {

/// The recipe of this entry and nothing else, to be compared.
draft::ConfigDraft recipeOf(const draft::ConfigDraft &draft, const QString &entry)
{
    draft::ConfigDraft alone;
    copyWakeRecipe(alone, alone.appendEntry(QStringLiteral("llms"), QStringLiteral("model")), draft, entry);
    return alone;
}

} // namespace

WakePage::WakePage(SetupState &state)
    : SetupPage(state, tr("Wake up on demand"),
                tr("A backend that sleeps can be started by the first request. Skip this if yours always runs."))
    , m_label(new QLabel(tr("Backen&d:"), this))
    , m_choice(new QComboBox(this))
    , m_recipe(new recipes::RecipeEditor(state.editor, recipes::RecipeKind::Wake, state.parts.clock, this))
{
    m_label->setBuddy(m_choice);
    m_choice->setObjectName(QStringLiteral("backend"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *row = new QHBoxLayout;
    row->addWidget(m_label);
    row->addWidget(m_choice, 1);
    m_recipe->layout()->setContentsMargins({});
    auto *scroll = new QScrollArea(this);
    scroll->setWidget(m_recipe);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    content().addLayout(row);
    content().addWidget(scroll, 1);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &WakePage::choose);
    connect(&state.editor, &fields::DraftEditor::judged, this, &WakePage::missingChanged);
}

void WakePage::initializePage()
{
    findBackends();
    m_choice->clear();
    for (const Backend &backend : m_backends)
        m_choice->addItem(backend.url);
    m_label->setVisible(m_backends.size() > 1);
    m_choice->setVisible(m_backends.size() > 1);
    missingChanged();
}

void WakePage::cleanupPage()
{
    spreadRecipes();
    leave();
}

void WakePage::leave()
{
    m_recipe->setLlm(std::nullopt);
}

bool WakePage::validatePage()
{
    state().editor.judgeNow();
    if (!isComplete())
        return false;
    m_recipe->cancelTrial();
    spreadRecipes();
    return true;
}

QString WakePage::missing() const
{
    for (const Backend &backend : m_backends) {
        if (!state().editor.problemAt(backend.entries.first() + QStringLiteral(".wake")).isEmpty())
            return tr("The recipe for %1 is not complete.").arg(backend.url);
    }
    return {};
}

void WakePage::findBackends()
{
    m_backends.clear();
    const draft::ConfigDraft &draft = state().editor.draft();
    for (const ModelChoice &model : state().published()) {
        const std::optional<QString> path = draft.entry(QStringLiteral("llms"), model.entry);
        if (!path)
            continue;
        const auto known = std::ranges::find(m_backends, model.url, &Backend::url);
        if (known == m_backends.end())
            m_backends.push_back({model.url, {*path}, recipeOf(draft, *path)});
        else
            known->entries.append(*path);
    }
}

void WakePage::choose(int index)
{
    m_recipe->setLlm(index < 0 ? std::nullopt : std::optional(m_backends[size_t(index)].entries.first()));
}

void WakePage::spreadRecipes()
{
    state().editor.edit([this](draft::ConfigDraft &draft) {
        for (const Backend &backend : m_backends) {
            const QString &first = backend.entries.first();
            const bool isChanged = recipeOf(draft, first) != backend.recipe;
            for (const QString &entry : backend.entries) {
                // One that an owner has written for this model alone stays.
                if (entry != first && (isChanged || !draft.hasSection(entry + QStringLiteral(".wake"))))
                    copyWakeRecipe(draft, entry, draft::ConfigDraft(draft), first);
                // Nothing could wake it again.
                if (!draft.hasSection(entry + QStringLiteral(".wake")))
                    draft.remove(entry + QStringLiteral(".sleep"));
            }
        }
    });
}

} // namespace hearth::setup
