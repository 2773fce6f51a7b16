// KeyOptions: what the command line of `hearthd key create` and `hearthd key update` says about a key.
//
// ServerCommandLine fills it with texts as they were typed; the key commands have them checked and carried over to the
// key here. A plain value and pure functions.

#pragma once

#include "apikey.h"
#include "result.h"

#include <QStringList>

#include <optional>

namespace hearth::server {

/// What the command line says about a key; what it does not say is empty.
struct KeyOptions
{
    QString name;
    QStringList scopes = {};
    std::optional<QString> owner = std::nullopt;
    std::optional<QString> models = std::nullopt;
    /// A duration from now, such as `90d`, `12h` or `never`.
    std::optional<QString> expires = std::nullopt;
    /// `low`, `normal` or `high`.
    std::optional<QString> priority = std::nullopt;
    /// Whole numbers; 0 for no limit.
    std::optional<QString> maxConcurrent = std::nullopt;
    std::optional<QString> requestsPerMinute = std::nullopt;
    std::optional<QString> tokensPerMinute = std::nullopt;
    bool json = false;
};

/// InvalidRequest unless `label`, the value of the option `param`, is fit for a key's or owner's name: they stand in
/// tables and logs.
Result<void> checkLabel(const QString &label, const QString &param);

/// Carries over what the options say; the name is not among it. `now`: when the key's remaining time begins.
/// InvalidRequest for bad options, and `key` is then half changed.
Result<void> applyOptions(const KeyOptions &options, WallTime now, domain::ApiKey &key);

} // namespace hearth::server
