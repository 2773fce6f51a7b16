#include "dataowner.h"

#include "logging.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>

namespace hearth::server {

namespace {

constexpr uid_t root = 0;

struct ExistingFolder
{
    QString path;
    uid_t owner;
};

/// The folder, or the nearest one above that exists: whoever owns that may make the others.
std::optional<ExistingFolder> nearestExisting(QString folder)
{
    for (;;) {
        struct stat status = {};
        if (::stat(QFile::encodeName(folder).constData(), &status) == 0)
            return ExistingFolder{folder, status.st_uid};
        const QString above = QFileInfo(folder).absolutePath();
        if (above == folder)
            return std::nullopt;
        folder = above;
    }
}

struct User
{
    uid_t id;
    gid_t group;
    /// Empty for a user whom only another system knows, as with a folder that is mounted into a container.
    QByteArray name;

    QString shownName() const { return name.isEmpty() ? u'#' + QString::number(id) : QString::fromLocal8Bit(name); }
};

/// Null, with errno, when it cannot be found out at the moment whether the user has a name.
std::optional<User> userOf(uid_t id)
{
    errno = 0;
    if (const passwd *const entry = ::getpwuid(id))
        return User{entry->pw_uid, entry->pw_gid, entry->pw_name};
    // What getpwuid(3) may leave there when all is well and nobody has this id.
    if (errno != 0 && errno != ENOENT && errno != ESRCH)
        return std::nullopt;
    // The group of the folder would be no good: often it is root's, and then so would be the group's rights.
    return User{id, static_cast<gid_t>(id), {}};
}

/// In this order, for each step needs the rights that the last one gives up. False with errno.
bool become(const User &user)
{
    const int groupsSet =
        user.name.isEmpty() ? ::setgroups(1, &user.group) : ::initgroups(user.name.constData(), user.group);
    return groupsSet == 0 && ::setgid(user.group) == 0 && ::setuid(user.id) == 0;
}

/// With errno.
Error cannotBecome(const QString &user, const QString &folder)
{
    return {ErrorCode::Io, QStringLiteral("The folder %1 of the database belongs to the user %2, and hearthd, which "
                                          "was started by root, cannot become that user: %3. Start it as that user: "
                                          "sudo -u '%2' hearthd …")
                               .arg(folder, user, QString::fromLocal8Bit(std::strerror(errno)))};
}

} // namespace

Result<QString> becomeDataOwner(const storage::DatabaseUrl &database)
{
    const auto *const sqlite = std::get_if<storage::SqliteFile>(&database.location());
    if (::geteuid() != root || !sqlite)
        return QString();
    const auto folder = nearestExisting(QFileInfo(sqlite->path).absolutePath());
    if (!folder || folder->owner == root)
        return QString();
    const std::optional<User> user = userOf(folder->owner);
    if (!user)
        return cannotBecome(u'#' + QString::number(folder->owner), folder->path);
    if (!become(*user))
        return cannotBecome(user->shownName(), folder->path);
    const QString outcome =
        QStringLiteral("going on as the user %1, to whom the folder %2 belongs").arg(user->shownName(), folder->path);
    qCInfo(lcServer).noquote() << outcome;
    return outcome;
}

} // namespace hearth::server
