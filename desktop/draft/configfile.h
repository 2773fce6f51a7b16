// ConfigFile: the publisher.yaml on the disk: read, watched, and replaced as a whole.
//
// PublisherHost owns one. A save never leaves half a file: the old one stays until the new one is complete on the disk,
// and keeps its permissions. A symbolic link stays one: what it points to is replaced. A file that says something else
// than whoever saves believes is not overwritten. Editors that write in place, by renaming or by removing first are all
// noticed, once per change, after the file has been quiet for a moment. One thread, with an event loop.

#pragma once

#include "clock.h"
#include "result.h"

#include <QByteArray>
#include <QObject>

class QFileSystemWatcher;

namespace hearth::draft {

struct ConfigFileSettings
{
    /// How long the file must have been quiet before a change is told.
    Duration settle = std::chrono::milliseconds(200);
    /// A file that is larger is refused.
    qint64 maxBytes = 1024 * 1024;
};

class ConfigFile final : public QObject
{
    Q_OBJECT

public:
    ConfigFile(QString path, Clock &clock, ConfigFileSettings settings = {}, QObject *parent = nullptr);

    const QString &path() const { return m_path; }

    bool exists() const;
    /// Errors: Io.
    Result<QByteArray> read();
    /// Replaces `base`, the content that `text` was made of; empty for no file. Makes the directory (0700) and the file
    /// (0600) where they are missing. Errors: Conflict when the content is another one by now; Io, with the system's
    /// reason: then nothing has changed. changedOnDisk() is not emitted for it.
    Result<void> save(const QByteArray &text, const QByteArray &base);

Q_SIGNALS:
    /// The content is another one than read() or save() saw last; also when the file has come or gone.
    void changedOnDisk();

private:
    void touched();
    void lookAgain();
    /// Watches everything through which the content can change. Returns whether there is something new among it.
    bool watch();

    QString m_path;
    ConfigFileSettings m_settings;
    QFileSystemWatcher *m_watcher;
    Timer m_settleTimer;
    // Of contents; empty for a file that is not there.
    QByteArray m_knownHash;
    /// The last one that changedOnDisk() was emitted for.
    QByteArray m_toldHash;
};

} // namespace hearth::draft
