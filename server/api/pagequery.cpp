#include "pagequery.h"

#include <QUrlQuery>

namespace hearth::api {

Result<PageQuery> PageQuery::parse(QByteArrayView query)
{
    PageQuery page;
    const auto items = QUrlQuery(QString::fromLatin1(query)).queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items) {
        if (name == QLatin1String("before")) {
            page.before = value.toLatin1();
        } else if (name == QLatin1String("limit")) {
            bool isNumber = false;
            page.limit = value.toInt(&isNumber);
            if (!isNumber || page.limit < 1 || page.limit > maxLimit) {
                return Error{ErrorCode::InvalidRequest,
                             QStringLiteral("\"limit\" must be a whole number from 1 to %1.").arg(maxLimit),
                             QStringLiteral("limit")};
            }
        } else {
            return Error{ErrorCode::InvalidRequest,
                         QStringLiteral("\"%1\" cannot be asked for here; there are \"limit\" and \"before\".")
                             .arg(name.left(100)),
                         name.left(100)};
        }
    }
    return page;
}

Error badCursor()
{
    return {ErrorCode::InvalidRequest, QStringLiteral("\"before\" must be the \"nextCursor\" of the page before."),
            QStringLiteral("before")};
}

} // namespace hearth::api
