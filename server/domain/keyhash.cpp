#include "keyhash.h"

#include <openssl/evp.h>

#include <memory>

namespace hearth::domain {

namespace {

constexpr qsizetype hashBytes = 32;

struct FreeContext
{
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

} // namespace

QByteArray keyHash(QByteArrayView key)
{
    // OpenSSL 3 looks an algorithm up by name each time unless it has been fetched once.
    static EVP_MD *const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    QByteArray hash(hashBytes, Qt::Uninitialized);
    const bool done = EVP_DigestInit_ex2(context.get(), sha256, nullptr) == 1 &&
                      EVP_DigestUpdate(context.get(), key.data(), static_cast<size_t>(key.size())) == 1 &&
                      EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char *>(hash.data()), nullptr) == 1;
    if (!done)
        qFatal("OpenSSL cannot compute SHA-256");
    return hash;
}

} // namespace hearth::domain
