// modelNotFound(): the answer to a name that is unknown or hidden from the key, which must look the same.

#pragma once

#include "result.h"

namespace hearth::api {

inline Error modelNotFound(const QString &name)
{
    return {ErrorCode::ModelNotFound,
            QStringLiteral("The model '%1' does not exist; GET /v1/models lists those that do.").arg(name.left(128)),
            QStringLiteral("model")};
}

} // namespace hearth::api
