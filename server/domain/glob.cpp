#include "glob.h"

#include <algorithm>

namespace hearth::domain {

bool globMatches(QStringView pattern, QStringView name)
{
    qsizetype p = 0;
    qsizetype n = 0;
    // Where to take up again when the text behind the latest star does not match here.
    qsizetype star = -1;
    qsizetype starMatch = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            starMatch = n;
        } else if (p < pattern.size() && (pattern[p] == u'?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star >= 0) {
            p = star + 1;
            n = ++starMatch;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

bool allowedBy(const QStringList &patterns, QStringView name)
{
    return patterns.isEmpty() || std::any_of(patterns.begin(), patterns.end(),
                                             [name](const QString &pattern) { return globMatches(pattern, name); });
}

} // namespace hearth::domain
