#include "setupchoices.h"

#include "drafteditor.h"
#include "publisherconfig.h"

#include <algorithm>

namespace hearth::setup {

namespace {

const QString llms = QStringLiteral("llms");

QString entryPath(const QString &list, int index)
{
    return QStringLiteral("%1[%2]").arg(list).arg(index);
}

int maxConcurrencyOf(const draft::ConfigDraft &draft, const QString &path)
{
    const std::optional<QString> written = draft.scalar(path + QStringLiteral(".maxConcurrency"));
    return written ? std::max(1, written->toInt()) : ModelChoice().maxConcurrency;
}

SettingTable llmTable()
{
    return publisher::publisherSettingTable().find(llms)->fields;
}

bool isPublished(const draft::ConfigDraft &draft, const QString &path)
{
    const SettingTable table = llmTable();
    return fields::booleanAt(draft, path + QStringLiteral(".publish"), *table.find(u"publish"));
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
    if (!isPublished(draft, path))
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
    else if (isPublished(draft, path))
        draft.setBoolean(publish, false);
}

} // namespace

QString backendAt(const QString &url)
{
    QUrl place = QUrl(url).adjusted(QUrl::StripTrailingSlash);
    const QString host = place.host();
    if (host == QLatin1String("localhost") || host == QLatin1String("::1"))
        place.setHost(QStringLiteral("127.0.0.1"));
    place.setPort(place.port(place.scheme() == QLatin1String("https") ? 443 : 80));
    return place.toString();
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

QString keyFileOf(const draft::ConfigDraft &draft)
{
    return draft.scalar(QStringLiteral("keyFile")).value_or(QString());
}

QStringList backendKeyFilesOf(const draft::ConfigDraft &draft)
{
    QStringList files;
    for (int index = 0; index < draft.entryCount(llms); ++index) {
        if (const auto file = draft.scalar(entryPath(llms, index) + QStringLiteral(".apiKeyFile")))
            files.append(*file);
    }
    return files;
}

std::vector<KnownBackend> backendsOf(const draft::ConfigDraft &draft)
{
    std::vector<KnownBackend> backends;
    for (int index = 0; index < draft.entryCount(llms); ++index) {
        const QString path = entryPath(llms, index);
        const QString url = draft.scalar(path + QStringLiteral(".url")).value_or(QString());
        const QString apiKeyFile = draft.scalar(path + QStringLiteral(".apiKeyFile")).value_or(QString());
        const auto known = std::ranges::find(backends, backendAt(url),
                                             [](const KnownBackend &backend) { return backendAt(backend.url); });
        if (known == backends.end())
            backends.push_back({url, apiKeyFile});
        else if (known->apiKeyFile.isEmpty())
            known->apiKeyFile = apiKeyFile;
    }
    return backends;
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
        model.isPublished = isPublished(draft, path);
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
    const SettingTable table = llmTable();
    std::vector<Setting> wake;
    std::ranges::copy_if(table, std::back_inserter(wake),
                         [](const Setting &setting) { return setting.key.startsWith(QStringLiteral("wake.")); });
    to.remove(toEntry + QStringLiteral(".wake"));
    fields::copyValues(to, toEntry, from, fromEntry, SettingTable(std::move(wake)));
}

} // namespace hearth::setup
