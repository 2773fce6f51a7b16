#include "usagecontroller.h"

#include "jsonwriter.h"

#include <QUrlQuery>

namespace hearth::api {

using namespace Qt::StringLiterals;

using domain::UsageFilter;
using domain::UsageRow;

namespace {

constexpr int daysByDefault = 30;

Error badQuery(const QString &name, const QString &what)
{
    return {ErrorCode::InvalidRequest, QStringLiteral("\"%1\" %2.").arg(name, what), name};
}

/// Of at most one of each of the names that can be asked for.
Result<UsageFilter> readFilter(QByteArrayView query, QDate today)
{
    UsageFilter filter{.from = {}, .to = today, .owner = {}, .keyName = {}, .llm = {}};
    // Forms and many clients write a space as a plus, which QUrlQuery leaves as it is.
    const QByteArray decodable = query.toByteArray().replace('+', "%20");
    const auto items = QUrlQuery(QString::fromLatin1(decodable)).queryItems(QUrl::FullyDecoded);
    QStringList names;
    for (const auto &[name, value] : items) {
        if (names.contains(name))
            return badQuery(name, QStringLiteral("is there twice"));
        names.append(name);
        if (name == "key"_L1) {
            filter.keyName = value;
        } else if (name == "llm"_L1) {
            filter.llm = value;
        } else if (name == "from"_L1 || name == "to"_L1) {
            const QDate day = QDate::fromString(value, QStringLiteral("yyyy-MM-dd"));
            if (!day.isValid())
                return badQuery(name, QStringLiteral("must be a day, for example 2026-01-31"));
            (name == "from"_L1 ? filter.from : filter.to) = day;
        } else {
            return badQuery(name.left(100), QStringLiteral("cannot be asked for here; there are \"from\", \"to\", "
                                                           "\"key\" and \"llm\""));
        }
    }
    if (!filter.from.isValid())
        filter.from = filter.to.addDays(1 - daysByDefault);
    if (filter.from > filter.to)
        return badQuery(QStringLiteral("from"), QStringLiteral("must not be behind \"to\""));
    return filter;
}

QByteArray written(const QList<UsageRow> &rows)
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginArray();
    for (const UsageRow &row : rows) {
        writer.beginObject()
            .field("day"_L1, row.place.day.toString(Qt::ISODate))
            .field("key"_L1, row.keyName)
            .field("owner"_L1, row.place.owner)
            .field("llm"_L1, row.place.llm)
            .field("requests"_L1, row.counts.requests())
            .field("succeeded"_L1, row.counts.succeeded)
            .field("rejected"_L1, row.counts.rejected)
            .field("failed"_L1, row.counts.failed)
            .field("refused"_L1, row.counts.refused)
            .field("truncated"_L1, row.counts.truncated)
            .field("cancelled"_L1, row.counts.cancelled)
            .field("inputTokens"_L1, row.counts.inputTokens)
            .field("outputTokens"_L1, row.counts.outputTokens)
            .endObject();
    }
    writer.endArray();
    return body;
}

} // namespace

UsageController::UsageController(const ApiContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{}

void UsageController::list(const domain::Principal &principal, QByteArrayView query, std::shared_ptr<Reply> reply)
{
    Result<UsageFilter> filter = readFilter(query, usage::dayOf(m_context.clock.wallNow()));
    if (!filter)
        return reply->send(http::errorResponse(filter.error(), http::ErrorShape::OpenAi));
    if (!principal.has(domain::Scope::Admin))
        filter->owner = principal.owner();
    m_context.usage.find(*filter, written, this, [reply](const Result<QByteArray> &rows) {
        reply->send(rows ? jsonResponse(*rows) : http::errorResponse(rows.error(), http::ErrorShape::OpenAi));
    });
}

} // namespace hearth::api
