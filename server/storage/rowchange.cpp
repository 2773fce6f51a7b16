#include "rowchange.h"

namespace hearth::storage {

Result<void> requireOneRow(const Result<qint64> &changed, const QString &what)
{
    if (!changed)
        return changed.error();
    if (*changed == 0)
        return notFound(what);
    return {};
}

Result<void> withoutCount(const Result<qint64> &changed)
{
    return changed ? Result<void>() : Result<void>(changed.error());
}

Error explained(const Error &error, const QString &conflict)
{
    Error result = error;
    if (error.code == ErrorCode::Conflict)
        result.message = conflict;
    return result;
}

QString nameTaken(const QString &name)
{
    return QStringLiteral("The name '%1' is taken by an Llm or an agent.").arg(name);
}

Error versionDiffers(const QString &what, int expected, int stored)
{
    return Error{.code = ErrorCode::PreconditionFailed,
                 .message = QStringLiteral("%1 has been changed meanwhile: it has version %2, not %3.")
                                .arg(what)
                                .arg(stored)
                                .arg(expected)};
}

Error notFound(const QString &what)
{
    return Error{.code = ErrorCode::NotFound, .message = QStringLiteral("%1 does not exist.").arg(what)};
}

} // namespace hearth::storage
