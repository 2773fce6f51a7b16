#include "textwrap.h"

namespace hearth::commandline {

QStringList wrapped(const QString &text, qsizetype width)
{
    QStringList lines{QString()};
    for (const QString &word : text.simplified().split(u' ')) {
        if (lines.last().isEmpty())
            lines.last() = word;
        else if (lines.last().size() + 1 + word.size() <= width)
            lines.last() += u' ' + word;
        else
            lines.append(word);
        while (lines.last().size() > width) {
            const QString rest = lines.last().mid(width);
            lines.last().truncate(width);
            lines.append(rest);
        }
    }
    return lines;
}

} // namespace hearth::commandline
