#include "requestlog.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace hearth::testbackend {

namespace {

HttpFields withoutCredentials(const HttpFields &fields)
{
    HttpFields safe;
    for (const HttpField &field : fields) {
        const bool secret = field.name == "authorization" || field.name == "x-api-key";
        safe.append(field.name, secret ? QByteArray("present") : field.value);
    }
    return safe;
}

QJsonObject headersAsJson(const HttpFields &fields)
{
    QJsonObject headers;
    for (const HttpField &field : fields) {
        const QString name = QString::fromUtf8(field.name);
        const QString value = QString::fromUtf8(field.value);
        headers[name] =
            headers.contains(name) ? QString(headers[name].toString() + QStringLiteral(", ") + value) : value;
    }
    return headers;
}

qint64 milliseconds(MonotonicTime time)
{
    return time.time_since_epoch().count();
}

QJsonObject recordAsJson(const RequestRecord &record)
{
    return {
        {QStringLiteral("id"), static_cast<qint64>(record.id)},
        {QStringLiteral("method"), QString::fromUtf8(record.method)},
        {QStringLiteral("path"), QString::fromUtf8(record.path)},
        {QStringLiteral("query"), QString::fromUtf8(record.query)},
        {QStringLiteral("headers"), headersAsJson(record.fields)},
        {QStringLiteral("bodySha256"), QString::fromUtf8(record.bodySha256)},
        {QStringLiteral("bodyBytes"), record.bodyBytes},
        {QStringLiteral("model"), QString::fromUtf8(record.model)},
        {QStringLiteral("startedAt"), milliseconds(record.startedAt)},
        {QStringLiteral("finishedAt"), record.finishedAt ? QJsonValue(milliseconds(*record.finishedAt)) : QJsonValue()},
        {QStringLiteral("eventsSent"), record.eventsSent},
        {QStringLiteral("outcome"), toString(record.outcome)},
    };
}

} // namespace

QLatin1String toString(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Running:
        return QLatin1String("running");
    case Outcome::Complete:
        return QLatin1String("complete");
    case Outcome::Aborted:
        return QLatin1String("aborted");
    case Outcome::Failed:
        return QLatin1String("failed");
    }
    Q_UNREACHABLE();
}

std::shared_ptr<RequestRecord> RequestLog::begin(const ReceivedRequest &request)
{
    auto record = std::make_shared<RequestRecord>();
    record->id = ++m_lastId;
    record->method = request.method;
    record->path = request.path;
    record->query = request.query;
    record->fields = withoutCredentials(request.fields);
    record->startedAt = m_clock.now();
    m_records.push_back(record);
    if (static_cast<qsizetype>(m_records.size()) > m_capacity)
        m_records.pop_front();
    ++m_stats.received;
    m_stats.maxRunning = std::max(m_stats.maxRunning, ++m_stats.running);
    return record;
}

void RequestLog::bodyRead(RequestRecord &record, const ReceivedRequest &request, const QByteArray &model)
{
    record.bodySha256 = request.bodySha256;
    record.bodyBytes = request.body.size();
    record.model = model;
    m_lastBody = request.body;
}

void RequestLog::finish(RequestRecord &record, Outcome outcome)
{
    Q_ASSERT(record.outcome == Outcome::Running && outcome != Outcome::Running);
    record.outcome = outcome;
    record.finishedAt = m_clock.now();
    --m_stats.running;
    ++(outcome == Outcome::Complete  ? m_stats.complete
       : outcome == Outcome::Aborted ? m_stats.aborted
                                     : m_stats.failed);
}

void RequestLog::reset()
{
    std::erase_if(m_records, [](const auto &record) { return record->outcome != Outcome::Running; });
    m_stats = {.received = m_stats.running, .running = m_stats.running, .maxRunning = m_stats.running};
    m_lastBody.clear();
}

QByteArray requestsAsJson(const RequestLog &log)
{
    QJsonArray requests;
    for (const auto &record : log.records())
        requests.append(recordAsJson(*record));
    return QJsonDocument(requests).toJson(QJsonDocument::Compact);
}

QByteArray statsAsJson(const RequestLog::Stats &stats)
{
    const QJsonObject json{
        {QStringLiteral("received"), stats.received},     {QStringLiteral("running"), stats.running},
        {QStringLiteral("maxRunning"), stats.maxRunning}, {QStringLiteral("complete"), stats.complete},
        {QStringLiteral("aborted"), stats.aborted},       {QStringLiteral("failed"), stats.failed},
    };
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace hearth::testbackend
