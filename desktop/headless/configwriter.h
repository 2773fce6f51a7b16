// ConfigWriter: writes the files of a new configuration: publisher.yaml, and beside it its key and the certificates.
//
// `hearth-publisher setup` makes one. Either all files are there afterwards, complete and with the right permissions
// from the first moment on, or none of those that it would have made; a file that is there already is never replaced.
// Pure file access, one thread.

#pragma once

#include "newfiles.h"
#include "publishersettings.h"
#include "setupanswers.h"

#include <optional>
#include <sys/types.h>

namespace hearth::headless {

/// Where the files of a configuration lie, and who may read them beside their owner.
struct ConfigPlace
{
    /// Absolute.
    QString file = {};
    /// Root's. What is for others guards itself there, and whoever likes may pass its new directories; those of a
    /// person are for that person alone, as the XDG base directory specification wants it.
    bool isRoots = false;
    /// The group of the service's user: that reads them, and nobody else does. Nothing for files of a person.
    std::optional<gid_t> readers = {};

    /// As was asked for; else what a service reads that root sets up, or a program of this user. Root gives its files
    /// to the group `hearth-publisher` where there is one.
    static ConfigPlace of(const QString &named);

    /// `publisher.key` beside `publisher.yaml`.
    QString keyFile() const;
    /// `publisher-ca.pem` beside `publisher.yaml`.
    QString caFile() const;
};

/// Where the person has what is written beside the configuration.
struct GivenFiles
{
    /// Empty where the key is in no file. When it is the place itself, it stays there.
    QString key = {};
    /// Certificates in PEM format; empty where the system's are enough. They are copied, and only they, for the
    /// service's user may not come by where they lie.
    QString ca = {};
};

class ConfigWriter
{
public:
    ConfigWriter(ConfigPlace place, GivenFiles given);

    /// Errors: Conflict when one of the files is there already and cannot be used as it is, with what to do. Worth
    /// knowing before a person has answered anything.
    Result<void> look() const;

    /// Errors: those of look(); Conflict when the key that is there is another one than that of the answers;
    /// Configuration when the answers make no configuration; Io. Returns what was written, as hearth-publisher reads
    /// it.
    Result<publisher::PublisherSettings> write(const SetupAnswers &answers) const;

private:
    QByteArray textOf(const SetupAnswers &answers) const;
    Result<void> writeKey(NewFiles &files, const QByteArray &key) const;
    Result<void> writeCertificates(NewFiles &files) const;
    Result<void> lookAtCertificates() const;
    Result<void> openWhatIsThere() const;
    Result<void> openToReaders(const QString &path, const FileAccess &access) const;
    bool areCertificatesThere() const;

    const ConfigPlace m_place;
    const GivenFiles m_given;
    const bool m_isKeyThere;
};

} // namespace hearth::headless
