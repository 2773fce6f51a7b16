// What the wizard asks about, and how it stands in a publisher.yaml: pure functions on a ConfigDraft.
//
// Pages show what is read here and write their answers back, so that everything else in the file stays as it is.

#pragma once

#include "configdraft.h"

#include <QUrl>

#include <vector>

namespace hearth::setup {

/// An entry of `llms`, as far as the wizard asks about it.
struct ModelChoice
{
    /// Of the backend, as in `llms[].url`.
    QString url = {};
    /// What the backend calls it.
    QString model = {};
    QString name = {};
    int maxConcurrency = 4;
    bool isPublished = false;
    /// What the entry is called in the file; empty when it has none yet.
    QString entry = {};

    friend bool operator==(const ModelChoice &, const ModelChoice &) = default;
};

/// Where a backend is, to be compared: `http://localhost:8000/v1/` and `http://127.0.0.1:8000/v1` are one place.
QString backendAt(const QString &url);

void setServer(draft::ConfigDraft &draft, const QUrl &server, const QString &caFile);

/// `keyFile`, empty where there is none.
QString keyFileOf(const draft::ConfigDraft &draft);
/// Every `llms[].apiKeyFile`.
QStringList backendKeyFilesOf(const draft::ConfigDraft &draft);

/// A backend that entries of `llms` are on.
struct KnownBackend
{
    /// As in the first of them.
    QString url = {};
    /// Of the first of them that has one; empty when none has.
    QString apiKeyFile = {};
};

/// Each backend once, in the order of the file.
std::vector<KnownBackend> backendsOf(const draft::ConfigDraft &draft);

/// All entries of `llms`, in their order.
std::vector<ModelChoice> modelsOf(const draft::ConfigDraft &draft);

/// Makes the file publish what is published among `choices`: entries are added or renamed. Those that are not published
/// any more stay with `publish: false` when `base`, the file as it was, has them; others disappear.
void setModels(draft::ConfigDraft &draft, const draft::ConfigDraft &base, const std::vector<ModelChoice> &choices);

/// Names that models cannot have because agents have them.
QStringList agentNames(const draft::ConfigDraft &draft);

/// Gives one entry the wake recipe of another one, or none. Both are named by their paths, `llms[1]`.
void copyWakeRecipe(draft::ConfigDraft &to, const QString &toEntry, const draft::ConfigDraft &from,
                    const QString &fromEntry);

} // namespace hearth::setup
