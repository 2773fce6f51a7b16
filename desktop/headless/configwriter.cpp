#include "configwriter.h"

#include "configcheck.h"
#include "configdraft.h"
#include "configuration.h"
#include "keyfile.h"

#include <QDir>
#include <QFileInfo>
#include <QSslCertificate>
#include <QStandardPaths>

#include <cerrno>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::headless {

namespace {

constexpr char serviceGroup[] = "hearth-publisher";
constexpr mode_t forOwner = S_IRUSR | S_IWUSR;
constexpr mode_t forReaders = forOwner | S_IRGRP;
constexpr mode_t forAll = forReaders | S_IROTH;
constexpr mode_t directoryForOwner = S_IRWXU;
constexpr mode_t directoryForAll = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;

Error existsError(const QString &path, const QString &advice)
{
    return {ErrorCode::Conflict, QStringLiteral("%1 is there already and is not replaced. %2").arg(path, advice)};
}

bool isThere(const QString &path)
{
    // A link that leads nowhere counts, too.
    return QFileInfo::exists(path) || QFileInfo(path).isSymLink();
}

bool isSameFile(const QString &one, const QString &other)
{
    const QString canonical = QFileInfo(one).canonicalFilePath();
    return !canonical.isEmpty() && canonical == QFileInfo(other).canonicalFilePath();
}

FileAccess secretAccess(const ConfigPlace &place)
{
    return {.mode = place.readers ? forReaders : forOwner, .group = place.readers};
}

/// In PEM format, of whatever kind.
bool holdsPrivateKey(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.readAll().contains("PRIVATE KEY-----");
}

std::optional<gid_t> groupOfService()
{
    const struct group *const group = ::geteuid() == 0 ? ::getgrnam(serviceGroup) : nullptr;
    return group ? std::optional(group->gr_gid) : std::nullopt;
}

QString beside(const QString &file, const QString &ending)
{
    const QFileInfo config(file);
    return config.absoluteDir().filePath(config.completeBaseName() + ending);
}

} // namespace

ConfigPlace ConfigPlace::of(const QString &named)
{
    const bool isRoot = ::geteuid() == 0;
    const auto usual = [isRoot] {
        return isRoot ? QStringLiteral("/etc")
                      : QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    };
    const QString file = named.isEmpty() ? usual() + QStringLiteral("/hearth/publisher.yaml") : named;
    return {
        .file = QDir::cleanPath(QFileInfo(file).absoluteFilePath()), .isRoots = isRoot, .readers = groupOfService()};
}

QString ConfigPlace::keyFile() const
{
    return beside(file, QStringLiteral(".key"));
}

QString ConfigPlace::caFile() const
{
    return beside(file, QStringLiteral("-ca.pem"));
}

ConfigWriter::ConfigWriter(ConfigPlace place, GivenFiles given)
    : m_place(std::move(place))
    , m_given(std::move(given))
    , m_isKeyThere(isSameFile(m_given.key, m_place.keyFile()))
{}

Result<void> ConfigWriter::look() const
{
    if (isThere(m_place.file))
        return existsError(m_place.file, QStringLiteral("Edit it, remove it, or name another file with --config."));
    if (!m_isKeyThere && isThere(m_place.keyFile())) {
        return existsError(m_place.keyFile(), QStringLiteral("To use the key in it, name it with --key-file; or remove "
                                                             "it, or name another configuration with --config."));
    }
    return lookAtCertificates();
}

Result<void> ConfigWriter::lookAtCertificates() const
{
    const QString path = m_place.caFile();
    if (m_given.ca.isEmpty() || !isThere(path))
        return {};
    if (!areCertificatesThere()) {
        return existsError(path, QStringLiteral("To use the certificates in it, name it with --ca-file; or remove it, "
                                                "or name another configuration with --config."));
    }
    if (holdsPrivateKey(path)) {
        return Error{ErrorCode::Conflict, QStringLiteral("%1 holds a private key, too, but is to be read by everybody. "
                                                         "Move the key to another file.")
                                              .arg(path)};
    }
    return {};
}

Result<publisher::PublisherSettings> ConfigWriter::write(const SetupAnswers &answers) const
{
    if (const Result<void> free = look(); !free)
        return free.error();
    NewFiles files;
    const QString directory = QFileInfo(m_place.file).absolutePath();
    Result<void> done = files.makeDirectory(directory, m_place.isRoots ? directoryForAll : directoryForOwner);
    if (done)
        done = writeKey(files, answers.key);
    if (done)
        done = writeCertificates(files);
    if (!done)
        return done.error();
    const QByteArray text = textOf(answers);
    const draft::ConfigVerdict verdict = draft::checkConfig(text, m_place.file, {});
    if (!verdict.meaning)
        return configurationError(verdict.problems);
    // The configuration comes last of what is new, so that whoever finds it finds the key that it names.
    done = files.write(m_place.file, text, secretAccess(m_place));
    // What was there before is touched only when nothing else can fail.
    if (done)
        done = openWhatIsThere();
    if (!done)
        return done.error();
    files.keep();
    return verdict.meaning->publisher;
}

Result<void> ConfigWriter::writeKey(NewFiles &files, const QByteArray &key) const
{
    const QString path = m_place.keyFile();
    if (!m_isKeyThere)
        return files.write(path, key + '\n', secretAccess(m_place));
    const Result<QByteArray> present = publisher::readKeyFile(path);
    if (!present)
        return present.error();
    if (*present != key)
        return Error{ErrorCode::Conflict, QStringLiteral("%1 holds another key and is not replaced. Remove it, or put "
                                                         "the right key there.")
                                              .arg(path)};
    return {};
}

Result<void> ConfigWriter::openWhatIsThere() const
{
    Result<void> done;
    // The secret comes last.
    if (!m_given.ca.isEmpty())
        done = openToReaders(m_place.caFile(), {.mode = forAll});
    if (done && m_isKeyThere)
        done = openToReaders(m_place.keyFile(), secretAccess(m_place));
    return done;
}

Result<void> ConfigWriter::openToReaders(const QString &path, const FileAccess &access) const
{
    QFile file(path);
    // A person for whom it is enough to read it may have it from somebody else.
    if (file.open(QIODevice::ReadOnly) && (setAccess(file.handle(), access) || !m_place.readers))
        return {};
    return Error{ErrorCode::Io,
                 QStringLiteral("%1 cannot be opened to the service: %2.").arg(path, qt_error_string(errno))};
}

bool ConfigWriter::areCertificatesThere() const
{
    return isThere(m_place.caFile()) &&
           QSslCertificate::fromPath(m_place.caFile()) == QSslCertificate::fromPath(m_given.ca);
}

Result<void> ConfigWriter::writeCertificates(NewFiles &files) const
{
    if (m_given.ca.isEmpty() || areCertificatesThere())
        return {};
    // Nothing but the certificates: a private key that stands beside them is for nobody else to read.
    QByteArray bundle;
    for (const QSslCertificate &certificate : QSslCertificate::fromPath(m_given.ca))
        bundle += certificate.toPem();
    return files.write(m_place.caFile(), bundle, {.mode = forAll});
}

QByteArray ConfigWriter::textOf(const SetupAnswers &answers) const
{
    draft::ConfigDraft draft;
    draft.setText(QStringLiteral("server"), answers.server.toString());
    draft.setText(QStringLiteral("keyFile"), m_place.keyFile());
    if (!m_given.ca.isEmpty())
        draft.setText(QStringLiteral("caFile"), m_place.caFile());
    draft.setText(QStringLiteral("name"), answers.name);
    for (const OfferedModel &model : answers.models) {
        const QString entry = draft.appendEntry(QStringLiteral("llms"), model.name);
        draft.setText(entry + QStringLiteral(".model"), model.model);
        draft.setText(entry + QStringLiteral(".url"), model.url);
        draft.setBoolean(entry + QStringLiteral(".publish"), true);
    }
    return "# Made by \"hearth-publisher setup\". Everything that can stand here is in publisher.yaml(5).\n" +
           draft.text();
}

} // namespace hearth::headless
