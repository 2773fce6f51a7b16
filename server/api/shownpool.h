// shownPool(): which pool a row shows to a caller. Used where Llms and agents are written, on the main thread.

#pragma once

#include "keyring.h"

namespace hearth::api {

/// `pool`, or an empty text where the key may not know of it. Administrators see all.
inline QString shownPool(const domain::Principal &principal, const QString &pool)
{
    return principal.has(domain::Scope::Admin) || principal.mayUse(pool) ? pool : QString();
}

} // namespace hearth::api
