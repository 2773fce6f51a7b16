#include "modelspage.h"

#include "addbackenddialog.h"
#include "keyfile.h"
#include "modeltree.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::setup {

using fields::NoteLine;

ModelsPage::ModelsPage(SetupState &state)
    : SetupPage(state, tr("Models to share"), tr("Tick those that others may use. Nothing else is shared."))
    , m_tree(new ModelTree(this))
    , m_note(new NoteLine(this))
    , m_lookAgain(new QPushButton(tr("&Look again"), this))
    , m_add(new QPushButton(tr("Add by a&ddress…"), this))
    , m_finder(state.client, state.parts.clock)
{
    m_note->setObjectName(QStringLiteral("result"));
    m_lookAgain->setObjectName(QStringLiteral("lookAgain"));
    m_add->setObjectName(QStringLiteral("addByAddress"));
    m_tree->setAccessibleDescription(tr("Space ticks a model, F2 changes its name or limit"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_lookAgain);
    buttons->addWidget(m_add);
    buttons->addStretch();
    content().addWidget(m_tree, 1);
    content().addWidget(m_note);
    content().addLayout(buttons);

    connect(m_tree, &ModelTree::changed, this, &ModelsPage::missingChanged);
    connect(m_lookAgain, &QPushButton::clicked, this, &ModelsPage::look);
    connect(m_add, &QPushButton::clicked, this, &ModelsPage::addByAddress);
    connect(&m_finder, &discovery::BackendFinder::found, this, [this](const discovery::FoundBackend &backend) {
        m_foundAny = true;
        m_tree->addBackend(backend);
    });
    connect(&m_finder, &discovery::BackendFinder::finished, this, &ModelsPage::lookedEverywhere);
}

void ModelsPage::initializePage()
{
    const draft::ConfigDraft &draft = state().editor.draft();
    m_tree->setKnown(modelsOf(draft), agentNames(draft));
    look();
    missingChanged();
}

void ModelsPage::cleanupPage()
{
    leave();
    write();
}

void ModelsPage::leave()
{
    m_finder.cancel();
    m_askers.clear();
    m_note->clear();
    m_lookAgain->setEnabled(true);
}

bool ModelsPage::validatePage()
{
    leave();
    write();
    return true;
}

void ModelsPage::write()
{
    state().editor.editAndReload([this](draft::ConfigDraft &draft) {
        setModels(draft, state().parts.draft, m_tree->choices());
        m_tree->setWritten(modelsOf(draft));
    });
}

QString ModelsPage::missing() const
{
    const std::vector<ModelChoice> choices = m_tree->choices();
    if (std::ranges::none_of(choices, &ModelChoice::isPublished))
        return tr("Tick at least one model.");
    return m_tree->problem();
}

void ModelsPage::look()
{
    m_foundAny = false;
    m_lookAgain->setEnabled(false);
    m_note->show(NoteLine::Kind::Information, tr("Looking for backends on this computer…"));
    m_finder.search(state().parts.ports);
    m_askers.clear();
    for (const KnownBackend &backend : backendsOf(state().editor.draft()))
        askKnown(backend);
}

void ModelsPage::askKnown(const KnownBackend &backend)
{
    QByteArray key = state().backendKeys.value(backendAt(backend.url));
    if (key.isEmpty() && !backend.apiKeyFile.isEmpty()) {
        if (const Result<QByteArray> stored = publisher::readKeyFile(backend.apiKeyFile))
            key = *stored;
    }
    m_tree->setAsking(backend.url);
    auto asker = std::make_unique<discovery::BackendFinder>(state().client, state().parts.clock);
    connect(asker.get(), &discovery::BackendFinder::found, this,
            [this, url = QUrl(backend.url)](discovery::FoundBackend found) {
                found.url = url;
                m_foundAny = true;
                m_tree->addBackend(found);
                if (m_lookAgain->isEnabled())
                    m_note->clear();
            });
    connect(asker.get(), &discovery::BackendFinder::failed, this,
            [this, url = backend.url](const QString &reason) { m_tree->setAway(url, reason); });
    asker->ask(backend.url, key);
    m_askers.push_back(std::move(asker));
}

void ModelsPage::lookedEverywhere()
{
    m_lookAgain->setEnabled(true);
    if (m_foundAny)
        return m_note->clear();
    m_note->show(NoteLine::Kind::Warning,
                 tr("No backend answers on the usual ports of this computer. Start one, for example with \"ollama "
                    "serve\", \"vllm serve\" or \"llama-server\", and look again; or add one by its address."));
}

void ModelsPage::addByAddress()
{
    auto *const dialog = new AddBackendDialog(state().client, state().parts.clock, this);
    connect(dialog, &AddBackendDialog::found, this,
            [this](const discovery::FoundBackend &backend, const QByteArray &key) {
                if (!key.isEmpty())
                    state().backendKeys.insert(backendAt(backend.url.toString()), key);
                m_tree->addBackend(backend);
                m_note->clear();
            });
    dialog->open();
}

} // namespace hearth::setup
