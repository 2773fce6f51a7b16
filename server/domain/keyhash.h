// keyHash(): the SHA-256 of an API key, which is all that the database and the KeyRing keep of it.
//
// A plain hash is right for keys of 256 random bits: there is nothing to guess, so nothing needs to be slow (OWASP ASVS
// 5, 112 bits and more). Pure; any thread.

#pragma once

#include <QByteArray>

namespace hearth::domain {

/// 32 bytes.
QByteArray keyHash(QByteArrayView key);

} // namespace hearth::domain
