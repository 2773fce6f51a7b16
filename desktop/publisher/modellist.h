// readModelList(): the answer of a backend to GET /v1/models, as OpenAI has made it up and everybody else has copied
// it.
//
// SelfCheck compares it with what is configured, BackendFinder (desktop/discovery) shows it. A pure function.

#pragma once

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace hearth::publisher {

struct ModelList
{
    /// What the backend calls its models, in its own order.
    QStringList ids;
    /// `owned_by` of the first model: most backends write their own name there. Empty where it is not told.
    QString owner;

    friend bool operator==(const ModelList &, const ModelList &) = default;
};

/// Nothing when `json` is no model list.
std::optional<ModelList> readModelList(const QByteArray &json);

} // namespace hearth::publisher
