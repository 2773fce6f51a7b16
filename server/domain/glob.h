// Globs over names of Llms, agents and pools: `*` is any run of characters, `?` any single one, the rest itself.
//
// API keys bound what they may call or publish with them. `/` is an ordinary character in names, so `qwen*` matches
// `qwen/7b`. A pure function; linear in practice, never exponential.

#pragma once

#include <QString>
#include <QStringList>

namespace hearth::domain {

bool globMatches(QStringView pattern, QStringView name);

/// True when `name` matches one of `patterns`, or when there are none.
bool allowedBy(const QStringList &patterns, QStringView name);

} // namespace hearth::domain
