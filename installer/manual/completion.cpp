#include "completion.h"

namespace hearth::manual {

QString functionNameOf(const CommandDescription &command)
{
    return QString(command.path).replace(u' ', u'_').replace(u'-', u'_');
}

QString shellQuoted(const QString &text)
{
    return u'\'' % QString(text).replace(u'\'', QLatin1String("'\\''")) % u'\'';
}

} // namespace hearth::manual
