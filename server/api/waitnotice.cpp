#include "waitnotice.h"

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

QByteArray inWords(const relay::WakeStatus &wake)
{
    QByteArray text = "waking " + wake.llm.toUtf8() + ", " + inSeconds(wake.elapsed) + " s of at most " +
                      inSeconds(wake.limit) + " s";
    if (wake.estimate)
        text += ", usually " + inSeconds(*wake.estimate) + " s";
    return text;
}

QByteArray inWords(const scheduling::QueuePosition &position)
{
    QByteArray text = "queued " + QByteArray::number(position.place) + " of " + QByteArray::number(position.waiting);
    // Who still waits is not told that it takes no time.
    if (position.estimate)
        text += ", about " + inSeconds(std::max(*position.estimate, Duration(seconds(1)))) + " s";
    return text;
}

} // namespace

QByteArray waitNotice(const relay::WaitStatus &wait, StreamDialect dialect)
{
    return notice(wait.wake ? inWords(*wait.wake) : inWords(wait.position), dialect);
}

Error heldTooLong(const relay::WakeStatus &wake)
{
    // Without an estimate it is left to the usual few seconds: the limit may be far beyond what the wake will take.
    std::optional<seconds> remaining;
    if (wake.estimate)
        remaining = std::chrono::ceil<seconds>(std::max(*wake.estimate - wake.elapsed, Duration(seconds(1))));
    return {
        ErrorCode::QueueTimeout,
        QStringLiteral("Llm '%1' is still being woken, %2 s of at most %3 s; try again in a moment, or with "
                       "\"stream\": true.")
            .arg(wake.llm, QString::fromLatin1(inSeconds(wake.elapsed)), QString::fromLatin1(inSeconds(wake.limit))),
        {},
        remaining};
}

} // namespace hearth::api
