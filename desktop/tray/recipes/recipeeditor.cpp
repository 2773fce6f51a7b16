#include "recipeeditor.h"

#include "publisherconfig.h"
#include "recipetypefield.h"
#include "textfield.h"

#include <QVBoxLayout>

namespace hearth::recipes {

using fields::DraftEditor;
using fields::FieldForm;

namespace {

/// The settings of one section of an Llm, without the section's name.
SettingTable sectionTable(RecipeKind kind)
{
    const QString prefix = sectionOf(kind) % u'.';
    const SettingTable llm = publisher::publisherSettingTable().find(u"llms")->fields;
    std::vector<Setting> settings;
    for (Setting setting : llm) {
        if (!setting.key.startsWith(prefix))
            continue;
        setting.key.remove(0, prefix.size());
        settings.push_back(std::move(setting));
    }
    return SettingTable(std::move(settings));
}

} // namespace

RecipeEditor::RecipeEditor(DraftEditor &editor, RecipeKind kind, Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_kind(kind)
    , m_choice(new FieldForm(editor, sectionTable(kind), this))
    , m_command(new FieldForm(editor, sectionTable(kind), this))
    , m_http(new FieldForm(editor, sectionTable(kind), this))
    , m_limits(new FieldForm(editor, sectionTable(kind), this))
    , m_type(new RecipeTypeField(editor, m_choice->setting("type"), m_choice))
    , m_try(new RecipeTry(
          kind, [this] { return llmAlone(m_editor.draft(), m_llm.value(), m_editor.environment()); }, clock, this))
{
    auto *layout = new QVBoxLayout(this);
    for (FieldForm *form : {m_choice, m_command, m_http, m_limits}) {
        form->layout()->setContentsMargins({});
        layout->addWidget(form);
    }
    layout->addWidget(m_try);
    // Forms would share the room that is left among them.
    layout->addStretch(1);
    fillForms(kind);
    connect(m_type, &RecipeTypeField::actionChanged, this, &RecipeEditor::showAction);
    connect(m_type, &RecipeTypeField::chosen, this, &RecipeEditor::writeForms);
    showAction();
}

void RecipeEditor::setLlm(const std::optional<QString> &path)
{
    if (path != m_llm)
        m_try->clear();
    m_llm = path;
    const std::optional<QString> root = path ? std::optional(*path % u'.' % sectionOf(m_kind)) : std::nullopt;
    for (FieldForm *form : {m_choice, m_command, m_http, m_limits})
        form->setRoot(root);
    showAction();
}

void RecipeEditor::cancelTrial()
{
    m_try->clear();
}

void RecipeEditor::fillForms(RecipeKind kind)
{
    m_command->add("command", tr("&Program"));
    m_command->add("args", tr("Ar&guments"));
    m_http->add("url", tr("Add&ress"));
    m_http->add("method", tr("Met&hod"));
    m_http->add("headers", tr("Header &fields"));
    m_http->add(new fields::TextField(m_editor, m_http->setting("body"), m_http), tr("Bod&y"));
    m_limits->add("recipeTimeoutSeconds", tr("Re&cipe limit"));
    switch (kind) {
    case RecipeKind::Wake:
        m_choice->add(m_type, tr("Wa&ke it"));
        m_limits->add("maxWaitSeconds", tr("Backend l&imit"));
        break;
    case RecipeKind::Sleep:
        m_choice->add(m_type, tr("Put &it to sleep"));
        m_limits->add("idleMinutes", tr("Whe&n idle for"));
        break;
    }
}

void RecipeEditor::showAction()
{
    using Action = RecipeTypeField::Action;
    const Action action = m_type->action();
    m_command->setVisible(action == Action::Command);
    m_http->setVisible(action == Action::Http);
    m_limits->setVisible(action != Action::None);
    m_try->setVisible(action != Action::None);
}

void RecipeEditor::writeForms()
{
    // What was typed for this kind of recipe before it was left comes back.
    for (FieldForm *form : {m_command, m_http, m_limits}) {
        if (form->isVisibleTo(this))
            form->commit();
    }
}

} // namespace hearth::recipes
