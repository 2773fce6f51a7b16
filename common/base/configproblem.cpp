#include "configproblem.h"

namespace hearth {

QString ConfigProblem::toString() const
{
    QString text;
    for (const QString &part : {place, key}) {
        if (!part.isEmpty())
            text += part + u": ";
    }
    return text + what;
}

} // namespace hearth
