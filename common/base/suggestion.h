// nearestName(): what somebody who mistyped a name probably meant.
//
// Used for "did you mean …" in messages about settings. A pure function.

#pragma once

#include <QStringList>

namespace hearth {

/// The candidate that resembles `name` most: other case, an unfinished name, the last part of a dotted name, or few
/// letters wrong. Empty where none is near enough to be worth proposing.
QString nearestName(const QString &name, const QStringList &candidates);

} // namespace hearth
