#include "requestrecord.h"

namespace hearth::relay {

QLatin1String toString(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Succeeded:
        return QLatin1String("succeeded");
    case Outcome::Rejected:
        return QLatin1String("rejected");
    case Outcome::Failed:
        return QLatin1String("failed");
    case Outcome::Refused:
        return QLatin1String("refused");
    case Outcome::Truncated:
        return QLatin1String("truncated");
    case Outcome::Cancelled:
        return QLatin1String("cancelled");
    }
    Q_UNREACHABLE();
}

} // namespace hearth::relay
