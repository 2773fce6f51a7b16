#include "answersender.h"

#include <QScopedValueRollback>
#include <QTcpSocket>

#include <algorithm>
#include <utility>

namespace hearth::testbackend {

namespace {

/// What `malformed=length` adds to the length of a body, and claims for a stream.
constexpr qint64 missingBytes = 1'000'000;
/// Rates and piece numbers are bounded so that their product with this fits.
constexpr qint64 millisecondsPerSecond = 1000;

} // namespace

AnswerSender::AnswerSender(QTcpSocket &socket, Clock &clock, const TestBackendSettings &settings, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_clock(clock)
    , m_settings(settings)
    , m_timer(clock, [this] { wake(); })
{
    connect(&m_socket, &QTcpSocket::bytesWritten, this, &AnswerSender::bytesWritten);
}

void AnswerSender::start(Plan plan, const ReceivedRequest &request)
{
    Q_ASSERT(!isActive());
    m_plan = std::move(plan);
    m_keepAlive = request.keepsAlive();
    m_requestId = "req_" + request.bodySha256.first(24);
    m_next = 0;
    m_rate = m_plan.answer.isStream() ? m_plan.directives.rate.value_or(m_settings.rate) : 0;
    if (m_plan.answer.isStream() && m_plan.directives.malformed != Malformed::Length)
        m_framing = request.minorVersion > 0 ? Framing::Chunked : Framing::Close;
    else
        m_framing = m_plan.directives.malformed == Malformed::Chunk ? Framing::Chunked : Framing::Length;
    chooseEnding();

    if (m_plan.directives.hang) {
        m_phase = Phase::Silent;
        return;
    }
    m_phase = Phase::Waiting;
    if (m_plan.directives.delay > Duration::zero())
        m_timer.start(m_plan.directives.delay);
    else
        begin();
}

void AnswerSender::stop()
{
    m_timer.stop();
    m_phase = Phase::Idle;
    m_plan = {};
}

void AnswerSender::wake()
{
    if (m_phase == Phase::Waiting)
        begin();
    else
        pump();
}

void AnswerSender::chooseEnding()
{
    const Directives &directives = m_plan.directives;
    m_last = m_plan.answer.pieces.count;
    m_ending = directives.malformed == Malformed::Length ? Ending::Close : Ending::Complete;
    // A stream that is shorter than the cut is sent whole, but a body is cut in any case.
    const qint64 longest = m_plan.answer.isStream() ? m_last : std::max<qint64>(m_last - 1, 0);
    const auto endAfter = [&](qint64 pieces, Ending ending) {
        const qint64 last = std::min(pieces, longest);
        if (last < m_last) {
            m_last = last;
            m_ending = ending;
        }
    };
    if (directives.malformed == Malformed::Chunk)
        endAfter(1, Ending::BadChunk);
    if (directives.cut)
        endAfter(*directives.cut, Ending::Close);
    if (directives.hangAfter)
        endAfter(*directives.hangAfter, Ending::Silence);
}

void AnswerSender::begin()
{
    if (m_plan.directives.cut == 0) {
        end(Outcome::Failed);
        return;
    }
    if (m_plan.directives.malformed == Malformed::Head) {
        write("HTP/banana twohundred\r\n\x7f\x01\r\n\r\n");
        end(Outcome::Failed);
        return;
    }
    m_phase = Phase::Body;
    m_bodyStart = m_clock.now();
    m_unsent = head();
    pump();
}

QByteArray AnswerSender::head() const
{
    const Answer &answer = m_plan.answer;
    QByteArray head =
        "HTTP/1.1 " + QByteArray::number(answer.status) + (answer.status < 300 ? " OK\r\n" : " Error\r\n");
    for (const HttpField &field : answer.fields)
        head += field.name + ": " + field.value + "\r\n";
    // Beside these, a relay's allow-list has something to let through and something to hold back.
    head += "server: hearth-testbackend\r\nopenai-version: 2020-10-01\r\nx-request-id: " + m_requestId + "\r\n";
    switch (m_framing) {
    case Framing::Length: {
        const qint64 missing = m_plan.directives.malformed == Malformed::Length ? missingBytes : 0;
        head += "content-length: " + QByteArray::number(answer.length.value_or(0) + missing) + "\r\n";
        break;
    }
    case Framing::Chunked:
        head += "transfer-encoding: chunked\r\n";
        break;
    case Framing::Close:
        break;
    }
    if (!m_keepAlive)
        head += "connection: close\r\n";
    return head + "\r\n";
}

void AnswerSender::pump()
{
    if (m_phase != Phase::Body || m_pumping)
        return;
    Pause pause = Pause::End;
    {
        // Writing may announce bytesWritten() before it returns.
        const QScopedValueRollback<bool> pumping(m_pumping, true);
        QByteArray batch = std::exchange(m_unsent, {});
        pause = gather(batch);
        if (pause == Pause::End)
            finishBody(batch);
        write(batch);
    }
    if (!isActive())
        return;
    if (m_plan.answer.isStream())
        Q_EMIT progressed(m_next);
    switch (pause) {
    case Pause::NotDue:
        m_timer.start(due() - m_clock.now());
        break;
    case Pause::ClientSlow:
        // Where the network has taken everything already, nothing would call again.
        if (m_socket.bytesToWrite() == 0)
            QMetaObject::invokeMethod(this, &AnswerSender::pump, Qt::QueuedConnection);
        break;
    case Pause::End:
        bodyEnded();
        break;
    }
}

AnswerSender::Pause AnswerSender::gather(QByteArray &batch)
{
    const MonotonicTime now = m_clock.now();
    while (m_next < m_last) {
        if (due() > now)
            return Pause::NotDue;
        if (m_socket.bytesToWrite() + batch.size() >= m_settings.limits.writeAhead)
            return Pause::ClientSlow;
        appendPiece(batch, m_plan.answer.pieces.piece(m_next++));
    }
    return Pause::End;
}

void AnswerSender::appendPiece(QByteArray &batch, const QByteArray &piece) const
{
    if (m_framing != Framing::Chunked) {
        batch += piece;
        return;
    }
    batch += QByteArray::number(piece.size(), 16);
    batch += "\r\n";
    batch += piece;
    batch += "\r\n";
}

void AnswerSender::finishBody(QByteArray &batch) const
{
    if (m_ending == Ending::BadChunk)
        batch += "no-size\r\nneither data\r\n";
    else if (m_ending == Ending::Complete && m_framing == Framing::Chunked)
        batch += "0\r\n\r\n";
}

void AnswerSender::bodyEnded()
{
    switch (m_ending) {
    case Ending::Complete:
        m_phase = Phase::Draining;
        bytesWritten();
        break;
    case Ending::Close:
    case Ending::BadChunk:
        end(Outcome::Failed);
        break;
    case Ending::Silence:
        m_phase = Phase::Silent;
        break;
    }
}

MonotonicTime AnswerSender::due() const
{
    if (m_rate == 0)
        return m_bodyStart;
    // Rounded up, so that a stream is never ahead of its rate.
    return m_bodyStart + Duration((m_next * millisecondsPerSecond + m_rate - 1) / m_rate);
}

void AnswerSender::write(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

void AnswerSender::bytesWritten()
{
    if (m_pumping)
        return;
    if (m_phase == Phase::Body && !m_timer.isActive())
        pump();
    else if (m_phase == Phase::Draining && m_socket.bytesToWrite() == 0)
        end(Outcome::Complete);
}

void AnswerSender::end(Outcome outcome)
{
    stop();
    Q_EMIT ended(outcome);
}

} // namespace hearth::testbackend
