#include "secretfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace hearth::publicllm {

namespace {

constexpr size_t base64Size = sodium_base64_ENCODED_LEN(secretSize, sodium_base64_VARIANT_ORIGINAL);
/// Of a secret's file, with room for a line end or two.
constexpr qint64 maxFileSize = base64Size + 8;

Error failure(const QString &path, const QString &what)
{
    return {ErrorCode::Configuration, QStringLiteral("The secret file %1 %2").arg(path, what)};
}

QString systemCause(int number = errno)
{
    return QString::fromStdString(std::generic_category().message(number));
}

/// Closes what it has opened.
class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {}

    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    bool isOpen() const { return m_number >= 0; }

    int number() const { return m_number; }

private:
    int m_number;
};

/// Whether the file is nobody's but ours to read, or what is wrong with it.
Result<void> checkAccess(const QString &path, int descriptor)
{
    struct stat status
    {};

    if (::fstat(descriptor, &status) != 0)
        return failure(path, QStringLiteral("cannot be examined: %1.").arg(systemCause()));
    if (!S_ISREG(status.st_mode))
        return failure(path, QStringLiteral("is not a file."));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return failure(path, QStringLiteral("is open to other users of this machine. If nobody can have read it, run: "
                                            "chmod 600 %1. Otherwise delete it, and set the API keys of the public "
                                            "Llms again.")
                                 .arg(path));
    }
    return {};
}

Result<Secret> parse(const QString &path, const Secret &content)
{
    QByteArray bytes(secretSize, '\0');
    size_t size = 0;
    const int parsed = sodium_base642bin(reinterpret_cast<unsigned char *>(bytes.data()), secretSize,
                                         content.bytes().constData(), static_cast<size_t>(content.bytes().size()),
                                         " \r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
    Secret secret(std::move(bytes));
    if (parsed != 0 || size != secretSize || content.bytes().size() > maxFileSize)
        return failure(path, QStringLiteral("holds no secret: it must be 32 bytes in base64, and nothing else."));
    return secret;
}

/// Nothing where there is no such file.
Result<std::optional<Secret>> read(const QString &path)
{
    const Descriptor descriptor(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!descriptor.isOpen() && errno == ENOENT)
        return std::optional<Secret>();
    if (!descriptor.isOpen())
        return failure(path, QStringLiteral("cannot be opened: %1.").arg(systemCause()));
    if (const Result<void> checked = checkAccess(path, descriptor.number()); !checked)
        return checked.error();
    QByteArray content(maxFileSize + 1, '\0');
    const ssize_t count = ::read(descriptor.number(), content.data(), static_cast<size_t>(content.size()));
    if (count < 0)
        return failure(path, QStringLiteral("cannot be read: %1.").arg(systemCause()));
    content.truncate(count);
    Result<Secret> secret = parse(path, Secret(std::move(content)));
    return secret ? Result<std::optional<Secret>>(std::move(secret).value()) : secret.error();
}

Secret newContent()
{
    std::array<unsigned char, secretSize> secret{};
    randombytes_buf(secret.data(), secret.size());
    QByteArray text(static_cast<qsizetype>(base64Size), '\0');
    sodium_bin2base64(text.data(), base64Size, secret.data(), secret.size(), sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(secret.data(), secret.size());
    // In place of the terminating NUL.
    text.back() = '\n';
    return Secret(std::move(text));
}

/// Makes the file as a whole or not at all, and does not touch one that has come about in the meantime.
Result<void> create(const QString &path)
{
    const QFileInfo info(path);
    if (!QDir().mkpath(info.absolutePath()))
        return failure(path, QStringLiteral("cannot be made: its folder is missing and cannot be made either."));
    const QByteArray finalName = QFile::encodeName(path);
    const QByteArray name = finalName + '.' + QByteArray::number(randombytes_random(), 16);
    const auto failed = [&] { return failure(path, QStringLiteral("cannot be made: %1.").arg(systemCause())); };
    const Descriptor descriptor(::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!descriptor.isOpen())
        return failed();
    const Secret content = newContent();
    const bool written = ::write(descriptor.number(), content.bytes().constData(),
                                 static_cast<size_t>(content.bytes().size())) == content.bytes().size() &&
                         ::fsync(descriptor.number()) == 0;
    const bool placed = written && (::link(name.constData(), finalName.constData()) == 0 || errno == EEXIST);
    Result<void> result = placed ? Result<void>() : failed();
    ::unlink(name.constData());
    return result;
}

} // namespace

Result<Secret> loadSecretFile(const QString &path)
{
    Result<std::optional<Secret>> secret = read(path);
    if (secret && !*secret) {
        if (const Result<void> created = create(path); !created)
            return created.error();
        secret = read(path);
    }
    if (!secret)
        return secret.error();
    if (!*secret)
        return failure(path, QStringLiteral("has gone again."));
    return std::move(**secret);
}

} // namespace hearth::publicllm
