#include "suggestion.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace hearth {

namespace {

constexpr qsizetype longestName = 128;

// Levenshtein: how many letters must be inserted, removed or replaced.
qsizetype editDistance(QStringView from, QStringView to)
{
    std::vector<qsizetype> row(to.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < from.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (qsizetype j = 0; j < to.size(); ++j) {
            const qsizetype replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

// 0 is the same but for its case; nothing means too far away.
std::optional<qsizetype> distance(const QString &name, const QString &candidate)
{
    const QString a = name.toLower();
    const QString b = candidate.toLower();
    if (a == b)
        return 0;
    constexpr qsizetype shortestPart = 4;
    const bool unfinished = b.startsWith(a) || b.endsWith(u'.' + a);
    // A section is no proposal for what was looked for within it.
    const bool overdone = a.startsWith(b) && a[b.size()] != u'.';
    if (std::min(a.size(), b.size()) >= shortestPart && (unfinished || overdone))
        return 1;
    const qsizetype edits = editDistance(a, b);
    const qsizetype most = std::max<qsizetype>(1, std::min(a.size(), b.size()) / 3);
    return edits <= most ? std::optional(edits + 1) : std::nullopt;
}

} // namespace

QString nearestName(const QString &name, const QStringList &candidates)
{
    if (name.size() > longestName)
        return {};
    QString nearest;
    std::optional<qsizetype> best;
    for (const QString &candidate : candidates) {
        const std::optional<qsizetype> far = distance(name, candidate);
        if (far && (!best || *far < *best)) {
            best = far;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace hearth
