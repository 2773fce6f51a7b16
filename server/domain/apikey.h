// ApiKey: what the server knows of a key: its hash, never the key.
//
// Made by the `hearthd key` commands through storage's ApiKeyTable, read by the api and control rooms through the
// in-memory KeyRing. A plain value.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <optional>

namespace hearth::domain {

/// What the holder of a key may do. `Admin` includes the other two.
enum class Scope { Infer, Publish, Admin };

/// Whose requests go first where several wait; a lower one waits for as long as a higher one does.
enum class Priority { Low, Normal, High };

/// What one key may ask for; 0 means as much as it likes.
struct KeyLimits
{
    /// Requests at the same time, waiting ones included.
    int maxConcurrent = 0;
    int requestsPerMinute = 0;
    /// Of prompts and answers together.
    int tokensPerMinute = 0;

    friend bool operator==(const KeyLimits &, const KeyLimits &) = default;
};

struct ApiKey
{
    ApiKeyId id;
    /// Unique; how people refer to the key.
    QString name;
    /// Whom the key belongs to; by default its name.
    QString owner;
    /// SHA-256 of the whole key, 32 bytes.
    QByteArray hash;
    /// The first characters of the key, enough to recognise it and useless to guess it.
    QString prefix;
    QList<Scope> scopes;
    /// Globs that bound the names this key may call or publish; empty means all.
    QStringList models;
    Priority priority = Priority::Normal;
    KeyLimits limits = {};
    WallTime createdAt{};
    std::optional<WallTime> expiresAt;
    std::optional<WallTime> revokedAt;

    friend bool operator==(const ApiKey &, const ApiKey &) = default;
};

/// `infer`, `publish`, `admin`.
QLatin1String toString(Scope scope);
std::optional<Scope> scopeFromString(QStringView text);
/// `low`, `normal`, `high`.
QLatin1String toString(Priority priority);
std::optional<Priority> priorityFromString(QStringView text);

} // namespace hearth::domain
