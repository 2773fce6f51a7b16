#include "modelpreferences.h"

#include "backendpicker.h"
#include "entrylist.h"
#include "keyfile.h"
#include "poolfield.h"
#include "publisherconfig.h"
#include "recipeeditor.h"
#include "scrolled.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>

namespace hearth::preferences {

using fields::EntryList;
using fields::FieldForm;
using fields::scrolled;
using recipes::RecipeEditor;
using recipes::RecipeKind;

namespace {

SettingTable llmTable()
{
    return publisher::publisherSettingTable().find(u"llms")->fields;
}

QStringList agentsPinnedTo(const draft::ConfigDraft &draft, const QString &llm)
{
    QStringList agents;
    for (int i = 0; i < draft.entryCount(QStringLiteral("agents")); ++i) {
        const QString agent = QStringLiteral("agents[%1]").arg(i);
        if (draft.scalar(agent % u".llm") == llm)
            agents.append(draft.scalar(agent % u".name").value_or(QString()));
    }
    return agents;
}

} // namespace

ModelPreferences::ModelPreferences(fields::DraftEditor &editor, Clock &clock, std::vector<quint16> ports,
                                   QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_clock(clock)
    , m_ports(std::move(ports))
    , m_entries(new EntryList(editor,
                              {.list = QStringLiteral("llms"),
                               .table = llmTable(),
                               .newName = QStringLiteral("model"),
                               .tickKey = QStringLiteral("publish"),
                               .accessibleName = tr("Models; ticked ones are published")},
                              this))
    , m_stack(new QStackedWidget(this))
    , m_tabs(new QTabWidget(this))
    , m_main(makeMainForm())
    , m_details(makeDetailForm())
    , m_wake(new RecipeEditor(editor, RecipeKind::Wake, clock, this))
    , m_sleep(new RecipeEditor(editor, RecipeKind::Sleep, clock, this))
{
    m_tabs->addTab(scrolled(m_main), tr("Mod&el"));
    m_tabs->addTab(scrolled(m_details), tr("Detai&ls"));
    m_tabs->addTab(scrolled(m_wake), tr("&Wake"));
    m_tabs->addTab(scrolled(m_sleep), tr("&Sleep"));
    auto *empty = new QLabel(tr("No models yet. Add one, and say where its backend is."), this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    m_stack->addWidget(empty);
    m_stack->addWidget(m_tabs);

    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_entries, 1);
    layout->addWidget(m_stack, 3);

    m_entries->beforeRemove = [this](const QString &name, std::function<void()> proceed) {
        askBeforeRemoving(name, std::move(proceed));
    };
    connect(m_entries, &EntryList::selectionChanged, this, &ModelPreferences::showEntry);
    showEntry();
}

FieldForm *ModelPreferences::makeMainForm()
{
    auto *form = new FieldForm(m_editor, llmTable(), this);
    form->add("name", tr("&Name"));
    fields::Field *url = form->add("url", tr("Bac&kend"));
    auto *find = new QPushButton(tr("&Find…"), form);
    find->setObjectName(QStringLiteral("findBackend"));
    url->addBeside(find);
    connect(find, &QPushButton::clicked, this, &ModelPreferences::findBackend);
    form->add("model", tr("Its name t&here"));
    form->add("type", tr("T&ype"));
    form->add("publish", tr("Pu&blish this model"));
    form->add("maxConcurrency", tr("At a t&ime"));
    form->add("tier", tr("Tie&r"));
    form->add("description", tr("Descri&ption"));
    return form;
}

FieldForm *ModelPreferences::makeDetailForm()
{
    auto *form = new FieldForm(m_editor, llmTable(), this);
    form->add(new PoolField(m_editor, form->setting("pool"), form), tr("&Pool"));
    form->add("apiKeyFile", tr("Bac&kend's key"));
    form->add("probe.path", tr("Pro&be"));
    form->add("streamUsage", tr("Ask for the usa&ge of streams"));
    form->add("extraConfig", tr("E&xtra"));
    return form;
}

void ModelPreferences::showEntry()
{
    const std::optional<QString> entry = m_entries->current();
    m_stack->setCurrentIndex(entry ? 1 : 0);
    m_main->setRoot(entry);
    m_details->setRoot(entry);
    m_wake->setLlm(entry);
    m_sleep->setLlm(entry);
}

void ModelPreferences::findBackend()
{
    const std::optional<QString> entry = m_entries->current();
    if (!entry)
        return;
    const QString keyFile = m_editor.draft().scalar(*entry % u".apiKeyFile").value_or(QString());
    QByteArray key;
    if (!keyFile.isEmpty()) {
        if (const Result<QByteArray> stored = publisher::readKeyFile(keyFile))
            key = *stored;
    }
    const QUrl url(m_editor.draft().scalar(*entry % u".url").value_or(QString()));
    auto *picker = new BackendPicker(m_clock, m_ports, url, key, this);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker, &BackendPicker::picked, this, &ModelPreferences::take);
    picker->open();
}

void ModelPreferences::take(const QUrl &url, const QString &model)
{
    const std::optional<QString> entry = m_entries->current();
    if (!entry)
        return;
    m_editor.editAndReload([&](draft::ConfigDraft &draft) {
        draft.setText(*entry % u".url", url.toString());
        draft.setText(*entry % u".model", model);
    });
}

void ModelPreferences::askBeforeRemoving(const QString &name, std::function<void()> proceed)
{
    const QStringList agents = agentsPinnedTo(m_editor.draft(), name);
    if (agents.isEmpty())
        return proceed();
    auto *box = new QMessageBox(QMessageBox::Question, tr("Remove the model"),
                                tr("%n agent(s) of this box are pinned to the model \"%1\": %2. Without it they work "
                                   "only if another box publishes a model of that name. Remove it?",
                                   nullptr, int(agents.size()))
                                    .arg(name, agents.join(QStringLiteral(", "))),
                                QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("removeQuestion"));
    const QPushButton *remove = box->addButton(tr("&Remove"), QMessageBox::DestructiveRole);
    connect(remove, &QPushButton::clicked, this, std::move(proceed));
    box->open();
}

} // namespace hearth::preferences
