// The file that holds the server's secret: one line of base64, readable for its owner alone.
//
// Used by SecretBox. Servers that share a database need the same file.

#pragma once

#include "result.h"
#include "secret.h"

namespace hearth::publicllm {

/// Of a secret, in bytes.
inline constexpr qsizetype secretSize = 32;

/// The secret in the file at `path`; a new one where there is no file yet. Of programs that start at the same time, one
/// makes the file and all get what it holds. Errors as SecretBox::load(). libsodium must have been initialised.
Result<Secret> loadSecretFile(const QString &path);

} // namespace hearth::publicllm
