// StateFile: remembers which provider session this publisher is, across restarts.
//
// Used by Publisher on its thread; the file is tiny. It is written anew as a whole, readable by its owner only. Whoever
// deletes it makes the publisher a new session.

#pragma once

#include "ids.h"
#include "result.h"

namespace hearth::publisher {

class StateFile
{
public:
    explicit StateFile(QString path)
        : m_path(std::move(path))
    {}

    /// The session that was saved last; empty where there is none, and where the file is damaged or cannot be read,
    /// which is logged.
    ProviderSessionId load() const;
    /// Errors: Io, with a message that says what does not work without the file.
    Result<void> save(const ProviderSessionId &session) const;

    /// Where the state of a publisher of `configFile` at `server` belongs: `$STATE_DIRECTORY/publisher-<hash>.json`
    /// where systemd has set that for a service, else `$XDG_STATE_HOME/hearth/publisher-<hash>.json`.
    static QString defaultPath(const QString &server, const QString &configFile);

private:
    QString m_path;
};

} // namespace hearth::publisher
