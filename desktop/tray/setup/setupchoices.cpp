#include "setupchoices.h"

#include "drafteditor.h"
#include "publisherconfig.h"

#include <QHostAddress>

#include <algorithm>

namespace hearth::setup {

namespace {

const QString llms = QStringLiteral("llms");

bool isOnThisNetwork(const QString &host)
{
    return host == QLatin1String("localhost") || !QHostAddress(host).isNull();
}

QString entryPath(const QString &list, int index)
{
    return QStringLiteral("%1[%2]").arg(list).arg(index);
}

int maxConcurrencyOf(const draft::ConfigDraft &draft, const QString &path)
{
    const std::optional<QString> written = draft.scalar(path + QStringLiteral(".maxConcurrency"));
    return written ? std::max(1, written->toInt()) : ModelChoice().maxConcurrency;
}

void writeModel(draft::ConfigDraft &draft, const QString &path, const ModelChoice &choice)
{
    const auto setWhereOther = [&draft, &path](const QString &key, const QString &value) {
        const QString place = path + u'.' + key;
        if (draft.scalar(place) != value)
            draft.setText(place, value);
    };
    setWhereOther(QStringLiteral("name"), choice.name);
    setWhereOther(QStringLiteral("model"), choice.model);
    setWhereOther(QStringLiteral("url"), choice.url);
    if (maxConcurrencyOf(draft, path) != choice.maxConcurrency)
        draft.setInteger(path + QStringLiteral(".maxConcurrency"), choice.maxConcurrency);
    const QString publish = path + QStringLiteral(".publish");
    if (draft.scalar(publish) != QLatin1String("true"))
        draft.setBoolean(publish, true);
}

bool hasModel(const std::vector<ModelChoice> &models, const ModelChoice &wanted)
{
    return std::ranges::any_of(
        models, [&wanted](const ModelChoice &model) { return model.url == wanted.url && model.model == wanted.model; });
}

void withdrawModel(draft::ConfigDraft &draft, const QString &path, int index, bool wasThere)
{
    const QString publish = path + QStringLiteral(".publish");
    if (!wasThere)
        draft.removeEntry(llms, index);
    else if (draft.scalar(publish) == QLatin1String("true"))
        draft.setBoolean(publish, false);
}

} // namespace

QUrl serverFromText(const QString &typed)
{
    QString text = typed.trimmed();
    if (text.isEmpty())
        return {};
    if (!text.contains(QStringLiteral("://"))) {
        const QString host = QUrl(QStringLiteral("http://") + text).host();
        text.prepend(isOnThisNetwork(host) ? QStringLiteral("http://") : QStringLiteral("https://"));
    }
    while (text.endsWith(u'/'))
        text.chop(1);
    return QUrl(text, QUrl::StrictMode);
}

void setServer(draft::ConfigDraft &draft, const QUrl &server, const QString &caFile)
{
    if (draft.scalar(QStringLiteral("server")) != server.toString())
        draft.setText(QStringLiteral("server"), server.toString());
    if (caFile.isEmpty())
        draft.remove(QStringLiteral("caFile"));
    else if (draft.scalar(QStringLiteral("caFile")) != caFile)
        draft.setText(QStringLiteral("caFile"), caFile);
}

void setKeyPlace(draft::ConfigDraft &draft, const platform::StoredKey &stored)
{
    if (stored.file.isEmpty()) {
        draft.setText(QStringLiteral("keyStore"), QStringLiteral("keyring"));
        draft.remove(QStringLiteral("keyFile"));
    } else {
        draft.remove(QStringLiteral("keyStore"));
        draft.setText(QStringLiteral("keyFile"), stored.file);
    }
}

std::vector<ModelChoice> modelsOf(const draft::ConfigDraft &draft)
{
    std::vector<ModelChoice> models;
    for (int index = 0; index < draft.entryCount(llms); ++index) {
        const QString path = entryPath(llms, index);
        ModelChoice model;
        model.entry = draft.scalar(path + QStringLiteral(".name")).value_or(QString());
        model.name = model.entry;
        model.url = draft.scalar(path + QStringLiteral(".url")).value_or(QString());
        model.model = draft.scalar(path + QStringLiteral(".model")).value_or(model.name);
        model.isPublished = draft.scalar(path + QStringLiteral(".publish")) == QLatin1String("true");
        model.maxConcurrency = maxConcurrencyOf(draft, path);
        models.push_back(std::move(model));
    }
    return models;
}

void setModels(draft::ConfigDraft &draft, const draft::ConfigDraft &base, const std::vector<ModelChoice> &choices)
{
    const std::vector<ModelChoice> before = modelsOf(base);
    // From the end, for entries that are removed move those behind them.
    for (int index = draft.entryCount(llms) - 1; index >= 0; --index) {
        const QString path = entryPath(llms, index);
        const ModelChoice entry = modelsOf(draft)[size_t(index)];
        const auto choice = std::ranges::find(choices, entry.entry, &ModelChoice::entry);
        if (choice != choices.end() && choice->isPublished)
            writeModel(draft, path, *choice);
        else
            withdrawModel(draft, path, index, hasModel(before, entry));
    }
    for (const ModelChoice &choice : choices) {
        if (choice.isPublished && choice.entry.isEmpty())
            writeModel(draft, draft.appendEntry(llms, choice.name), choice);
    }
}

QStringList agentNames(const draft::ConfigDraft &draft)
{
    return fields::entryNames(draft, QStringLiteral("agents"));
}

void copyWakeRecipe(draft::ConfigDraft &to, const QString &toEntry, const draft::ConfigDraft &from,
                    const QString &fromEntry)
{
    const SettingTable llmTable = publisher::publisherSettingTable().find(llms)->fields;
    std::vector<Setting> wake;
    std::ranges::copy_if(llmTable, std::back_inserter(wake),
                         [](const Setting &setting) { return setting.key.startsWith(QStringLiteral("wake.")); });
    to.remove(toEntry + QStringLiteral(".wake"));
    fields::copyValues(to, toEntry, from, fromEntry, SettingTable(std::move(wake)));
}

} // namespace hearth::setup
