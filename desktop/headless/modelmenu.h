// ModelMenu: the models of the backends that were found, in the order and with the numbers that a person chooses by.
//
// SetupDialog makes one of what BackendFinder has found. Every model gets the name that it would be published with, so
// that two backends can have the same one. A plain value without thread affinity.

#pragma once

#include "backendfinder.h"
#include "result.h"

#include <vector>

namespace hearth::headless {

/// A model that could be published, or is going to be.
struct OfferedModel
{
    /// Of the backend, as in `llms[].url`.
    QString url = {};
    /// What the backend calls it.
    QString model = {};
    /// What clients would call.
    QString name = {};

    friend bool operator==(const OfferedModel &, const OfferedModel &) = default;
};

class ModelMenu
{
public:
    /// The same backend may be among them twice. Whatever their order, the menu is the same.
    explicit ModelMenu(std::vector<discovery::FoundBackend> backends);

    const std::vector<OfferedModel> &models() const { return m_models; }

    /// For a person: every backend, and below it its models with their numbers, from 1.
    QString text() const;

    // The chosen models in the order of the menu, each once. Errors: NotFound, with a sentence that says what the menu
    // does not have.

    /// What somebody typed who was shown the text: numbers and ranges (`1,3-5`), names, or `all`. Empty for nothing.
    Result<std::vector<OfferedModel>> chosen(const QString &typed) const;
    /// By names, by what their backends call them, or `all`.
    Result<std::vector<OfferedModel>> named(const QStringList &names) const;

private:
    using Picked = std::vector<bool>;

    Result<void> pickNumbers(const QString &word, Picked &picked) const;
    Result<void> pickNamed(const QString &name, Picked &picked) const;
    std::vector<OfferedModel> modelsOf(const Picked &picked) const;
    Error unknown(const QString &name) const;

    std::vector<discovery::FoundBackend> m_backends;
    std::vector<OfferedModel> m_models;
};

} // namespace hearth::headless
