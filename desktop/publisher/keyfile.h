// Key files: one secret in a file of its own, so that the configuration can be shown to others.
//
// The publisher keeps its API key in one, and those of its backends. Pure file access, any thread.

#pragma once

#include "result.h"

#include <QByteArray>

namespace hearth::publisher {

/// The key in this file, without the white space around it. Errors (Configuration): the file cannot be read, is empty,
/// or holds anything but one line of printable ASCII. The message names the file and never its content, and says what
/// to do.
Result<QByteArray> readKeyFile(const QString &path);

/// The same for the key that the publisher itself has: where it is missing, the message says how to make one.
Result<QByteArray> readPublisherKey(const QString &path);

/// A complete sentence of warning when other users of this machine can read the file; empty when all is well.
QString keyFileWarning(const QString &path);

} // namespace hearth::publisher
