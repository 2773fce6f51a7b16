#include "wakenotice.h"

#include <algorithm>

namespace hearth::api {

namespace {

using std::chrono::seconds;

QByteArray inSeconds(Duration duration)
{
    return QByteArray::number(qint64(std::chrono::round<seconds>(duration).count()));
}

/// Clients of /v1/messages know an event that means nothing; on the other routes an event without data breaks SDKs, and
/// a comment does not.
QByteArray notice(const QByteArray &text, StreamDialect dialect)
{
    switch (dialect) {
    case StreamDialect::Chat:
    case StreamDialect::Responses:
        return ": " + text + "\n\n";
    case StreamDialect::Messages:
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    }
    Q_UNREACHABLE();
}

} // namespace

QByteArray wakeNotice(const QString &llm, const relay::WakeStatus &wake, StreamDialect dialect)
{
    QByteArray text =
        "waking " + llm.toUtf8() + ", " + inSeconds(wake.elapsed) + " s of at most " + inSeconds(wake.limit) + " s";
    if (wake.estimate)
        text += ", usually " + inSeconds(*wake.estimate) + " s";
    return notice(text, dialect);
}

QByteArray waitNotice(const QString &llm, StreamDialect dialect)
{
    return notice("waiting for " + llm.toUtf8(), dialect);
}

Error heldTooLong(const QString &llm, const relay::WakeStatus &wake)
{
    // Without an estimate it is left to the usual few seconds: the limit may be far beyond what the wake will take.
    std::optional<seconds> remaining;
    if (wake.estimate)
        remaining = std::chrono::ceil<seconds>(std::max(*wake.estimate - wake.elapsed, Duration(seconds(1))));
    return {ErrorCode::QueueTimeout,
            QStringLiteral("Llm '%1' is still being woken, %2 s of at most %3 s; try again in a moment, or with "
                           "\"stream\": true.")
                .arg(llm, QString::fromLatin1(inSeconds(wake.elapsed)), QString::fromLatin1(inSeconds(wake.limit))),
            {},
            remaining};
}

} // namespace hearth::api
