// The version of a row in HTTP: as `ETag` of an answer, and as the precondition of an edit.

#pragma once

#include "result.h"

#include <QByteArray>

namespace hearth::api {

inline QByteArray entityTag(int version)
{
    return '"' + QByteArray::number(version) + '"';
}

/// `ifMatch` is the value of `If-Match` (RFC 9110 section 13.1.1), empty where there is none. Errors:
/// PreconditionFailed when it names another version than `version`.
inline Result<void> checkVersion(const QByteArray &ifMatch, int version)
{
    if (ifMatch.isEmpty() || ifMatch.trimmed() == "*")
        return {};
    for (const QByteArray &tag : ifMatch.split(',')) {
        if (tag.trimmed() == entityTag(version))
            return {};
    }
    return Error{ErrorCode::PreconditionFailed,
                 QStringLiteral("The row has version %1 now; read it again and edit what it says.").arg(version)};
}

} // namespace hearth::api
