#include "backendpicker.h"

#include "backendaddress.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::preferences {

using fields::NoteLine;

BackendPicker::BackendPicker(Clock &clock, std::vector<quint16> ports, const QUrl &url, const QByteArray &apiKey,
                             QWidget *parent)
    : QDialog(parent)
    , m_ports(std::move(ports))
    , m_url(url)
    , m_apiKey(apiKey)
    , m_client({}, clock)
    , m_finder(m_client, clock)
    , m_tree(new QTreeWidget(this))
    , m_address(new QLineEdit(this))
    , m_note(new NoteLine(this))
{
    setWindowTitle(tr("Find a backend"));
    m_tree->setObjectName(QStringLiteral("backends"));
    m_tree->setAccessibleName(tr("Backends and their models"));
    m_tree->setHeaderHidden(true);
    m_address->setObjectName(QStringLiteral("backendAddress"));
    m_address->setPlaceholderText(QStringLiteral("gpu:8000"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_pick = buttons->addButton(tr("&Use this model"), QDialogButtonBox::AcceptRole);
    m_pick->setObjectName(QStringLiteral("useModel"));
    auto *again = buttons->addButton(tr("&Look again"), QDialogButtonBox::ActionRole);
    auto *askButton = new QPushButton(tr("As&k"), this);
    // The return key in the address asks there; in the tree it picks.
    askButton->setDefault(true);
    auto *label = new QLabel(tr("&Address"), this);
    label->setBuddy(m_address);
    m_address->setAccessibleName(tr("Address of a backend"));

    auto *row = new QHBoxLayout;
    row->addWidget(label);
    row->addWidget(m_address, 1);
    row->addWidget(askButton);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_note);
    layout->addLayout(row);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 64, fontMetrics().height() * 22);

    connect(&m_finder, &discovery::BackendFinder::found, this, &BackendPicker::add);
    connect(&m_finder, &discovery::BackendFinder::failed, this, [this](const QString &reason) {
        m_hasFailed = true;
        const QString hint = tr("Where a backend wants a key, name the file with it under Details first.");
        m_note->show(NoteLine::Kind::Problem, m_apiKey.isEmpty() ? reason + u'\n' + hint : reason);
    });
    connect(&m_finder, &discovery::BackendFinder::finished, this, &BackendPicker::searchEnded);
    connect(m_tree, &QTreeWidget::currentItemChanged, this,
            [this](const QTreeWidgetItem *item) { m_pick->setEnabled(item && item->parent()); });
    connect(m_tree, &QTreeWidget::itemActivated, this, &BackendPicker::pick);
    connect(again, &QPushButton::clicked, this, &BackendPicker::search);
    connect(askButton, &QPushButton::clicked, this, &BackendPicker::ask);
    connect(buttons, &QDialogButtonBox::accepted, this, &BackendPicker::pick);
    connect(buttons, &QDialogButtonBox::rejected, this, &BackendPicker::reject);
    search();
}

void BackendPicker::search()
{
    begin(tr("Looking for backends on this machine…"));
    m_finder.search(m_ports);
}

void BackendPicker::ask()
{
    const QString address = m_address->text().trimmed();
    if (address.isEmpty())
        return m_address->setFocus();
    begin(tr("Asking %1…").arg(address));
    m_finder.ask(address, keyFor(address));
}

QByteArray BackendPicker::keyFor(const QString &address) const
{
    const QList<QUrl> urls = discovery::backendUrls(address, !m_apiKey.isEmpty());
    const auto isItsOwn = [this](const QUrl &url) { return discovery::isSameOrigin(url, m_url); };
    return m_url.isEmpty() || std::ranges::any_of(urls, isItsOwn) ? m_apiKey : QByteArray();
}

void BackendPicker::begin(const QString &words)
{
    m_finder.cancel();
    m_hasFailed = false;
    m_tree->clear();
    m_pick->setEnabled(false);
    m_note->show(NoteLine::Kind::Information, words);
}

void BackendPicker::add(const discovery::FoundBackend &backend)
{
    auto *item = new QTreeWidgetItem(m_tree, {tr("%1 at %2").arg(backend.kind, backend.url.toString())});
    item->setData(0, Qt::UserRole, backend.url);
    for (const QString &model : backend.models)
        new QTreeWidgetItem(item, {model});
    item->setExpanded(true);
    if (!m_tree->currentItem() && item->childCount() > 0)
        m_tree->setCurrentItem(item->child(0));
}

void BackendPicker::searchEnded()
{
    if (m_hasFailed)
        return;
    if (m_tree->topLevelItemCount() > 0)
        return m_note->clear();
    m_note->show(NoteLine::Kind::Warning, tr("No backend answers. Start one, for example Ollama, vLLM, llama.cpp or LM "
                                             "Studio, and look again, or type its address."));
}

void BackendPicker::pick()
{
    const QTreeWidgetItem *item = m_tree->currentItem();
    if (!item || !item->parent())
        return;
    Q_EMIT picked(item->parent()->data(0, Qt::UserRole).toUrl(), item->text(0));
    accept();
}

} // namespace hearth::preferences
