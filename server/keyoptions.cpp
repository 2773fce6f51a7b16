#include "keyoptions.h"

#include <QRegularExpression>

#include <algorithm>

namespace hearth::server {

namespace {

using domain::ApiKey;
using domain::Scope;

constexpr qsizetype maxLabelLength = 128;
constexpr int maxLimit = 1'000'000'000;

Error usage(const QString &message, const QString &param)
{
    return {ErrorCode::InvalidRequest, message, param};
}

Result<QList<Scope>> parseScopes(const QStringList &names)
{
    QList<Scope> scopes;
    for (const QString &name : names) {
        const std::optional<Scope> scope = domain::scopeFromString(name);
        if (!scope)
            return usage(QStringLiteral("--scope must be infer, publish or admin, not \"%1\".").arg(name),
                         QStringLiteral("scope"));
        if (!scopes.contains(*scope))
            scopes.append(*scope);
    }
    return scopes;
}

Result<std::optional<WallTime>> parseExpiry(const QString &text, WallTime now)
{
    if (text == QLatin1String("never"))
        return std::optional<WallTime>();
    static const QRegularExpression pattern(
        QRegularExpression::anchoredPattern(QStringLiteral("([0-9]{1,5})([smhdw])")));
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch()) {
        return usage(
            QStringLiteral("--expires must be a number with s, m, h, d or w behind it, such as 90d, or \"never\"."),
            QStringLiteral("expires"));
    }
    const std::chrono::seconds count(match.captured(1).toInt());
    const QChar unit = match.captured(2).front();
    const int factor = unit == u's' ? 1 : unit == u'm' ? 60 : unit == u'h' ? 3600 : unit == u'd' ? 86'400 : 604'800;
    return std::optional(now + count * factor);
}

/// An empty text means all names. So that none means it by accident, there must be something between all commas.
Result<QStringList> parseModels(const QString &text)
{
    QStringList globs;
    if (text.isEmpty())
        return globs;
    for (const QString &glob : text.split(u',')) {
        globs.append(glob.trimmed());
        if (globs.constLast().isEmpty()) {
            return usage(QStringLiteral("--models must be names or globs with commas between them, or empty for all."),
                         QStringLiteral("models"));
        }
    }
    return globs;
}

Result<domain::Priority> parsePriority(const QString &text)
{
    if (const std::optional<domain::Priority> priority = domain::priorityFromString(text))
        return *priority;
    return usage(QStringLiteral("--priority must be low, normal or high, not \"%1\".").arg(text),
                 QStringLiteral("priority"));
}

/// `param`: the option, for messages.
Result<int> parseLimit(const QString &text, QLatin1String param)
{
    bool ok = false;
    const int limit = text.toInt(&ok);
    if (ok && limit >= 0 && limit <= maxLimit)
        return limit;
    return usage(QStringLiteral("--%1 must be a whole number up to %2, or 0 for no limit.")
                     .arg(param, QString::number(maxLimit)),
                 param);
}

/// Carries over a value that was given and can be read.
template <typename Value, typename Parse>
Result<void> applyIfGiven(const std::optional<QString> &text, Value &value, Parse parse)
{
    if (!text)
        return {};
    const Result<Value> parsed = parse(*text);
    if (!parsed)
        return parsed.error();
    value = *parsed;
    return {};
}

Result<void> applyLimits(const KeyOptions &options, domain::KeyLimits &limits)
{
    struct Option
    {
        QLatin1String name;
        const std::optional<QString> &text;
        int &limit;
    };

    for (const Option &option :
         {Option{QLatin1String("max-concurrent"), options.maxConcurrent, limits.maxConcurrent},
          Option{QLatin1String("requests-per-minute"), options.requestsPerMinute, limits.requestsPerMinute},
          Option{QLatin1String("tokens-per-minute"), options.tokensPerMinute, limits.tokensPerMinute}}) {
        const auto parse = [&option](const QString &text) { return parseLimit(text, option.name); };
        if (const auto applied = applyIfGiven(option.text, option.limit, parse); !applied)
            return applied;
    }
    return {};
}

} // namespace

Result<void> checkLabel(const QString &label, const QString &param)
{
    const bool oneLine =
        std::none_of(label.begin(), label.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
    if (!label.isEmpty() && label.size() <= maxLabelLength && label == label.trimmed() && oneLine)
        return {};
    return usage(QStringLiteral("--%1 must be 1 to %2 characters on one line, without spaces around them.")
                     .arg(param, QString::number(maxLabelLength)),
                 param);
}

Result<void> applyOptions(const KeyOptions &options, WallTime now, ApiKey &key)
{
    if (!options.scopes.isEmpty()) {
        const Result<QList<Scope>> scopes = parseScopes(options.scopes);
        if (!scopes)
            return scopes.error();
        key.scopes = *scopes;
    }
    if (options.owner) {
        if (const Result<void> valid = checkLabel(*options.owner, QStringLiteral("owner")); !valid)
            return valid;
        key.owner = *options.owner;
    }
    if (const auto applied = applyIfGiven(options.models, key.models, parseModels); !applied)
        return applied;
    const auto expiry = [now](const QString &text) { return parseExpiry(text, now); };
    if (const auto applied = applyIfGiven(options.expires, key.expiresAt, expiry); !applied)
        return applied;
    if (const auto applied = applyIfGiven(options.priority, key.priority, parsePriority); !applied)
        return applied;
    return applyLimits(options, key.limits);
}

} // namespace hearth::server
