#include "shellword.h"

#include <QRegularExpression>

namespace hearth {

QString shellWord(const QString &text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./:@%+,-]+\\z"));
    if (plain.match(text).hasMatch())
        return text;
    QString inner = text;
    return u'\'' + inner.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

} // namespace hearth
