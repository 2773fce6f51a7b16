#include "bodyreader.h"

#include "requestrules.h"
#include "servercontext.h"

#include <QTcpSocket>

#include <algorithm>
#include <cstring>

namespace hearth::http {

BodyReader::BodyReader(ServerContext &context, RequestParser &parser, const HttpLimits &limits,
                       const HttpTimeouts &timeouts)
    : m_context(context)
    , m_parser(parser)
    , m_limits(limits)
    , m_timeouts(timeouts)
    , m_share(context.bodies)
{}

void BodyReader::start()
{
    release();
    m_startedAt = m_context.clock.now();
    // What a head announces is only believed for a usual body; a larger one grows as its bytes arrive.
    m_body.reserve(std::min<qint64>(m_parser.contentLength().value_or(0), m_context.scratch.size()));
}

Result<bool> BodyReader::read(QTcpSocket &socket)
{
    char *const scratch = m_context.scratch.data();
    while (!m_parser.isComplete()) {
        std::memcpy(scratch, m_keptBack.constData(), static_cast<size_t>(m_keptBack.size()));
        const qint64 fresh = socket.peek(scratch + m_keptBack.size(), m_context.scratch.size() - m_keptBack.size());
        if (fresh <= 0)
            break;
        const QByteArrayView bytes(scratch, m_keptBack.size() + fresh);
        const Result<qsizetype> used = m_parser.parseBody(bytes, m_body);
        if (!used)
            return used.error();
        if (!m_share.resize(m_body.size()))
            return overloadedByBodies();
        if (m_parser.isComplete()) {
            socket.skip(*used - m_keptBack.size());
            break;
        }
        // A socket whose buffer has been full reads on only when it has been emptied.
        m_keptBack = bytes.sliced(*used).toByteArray();
        socket.skip(fresh);
    }
    if (!m_parser.isComplete() && isTooSlow())
        return Error{ErrorCode::RequestTimeout, QStringLiteral("The request body arrived too slowly.")};
    return m_parser.isComplete();
}

QByteArray BodyReader::take()
{
    m_keptBack = {};
    return std::move(m_body);
}

void BodyReader::release()
{
    m_body = {};
    m_keptBack = {};
    m_share.release();
}

bool BodyReader::isTooSlow() const
{
    const Duration elapsed = m_context.clock.now() - m_startedAt;
    return elapsed > m_timeouts.bodyIdle && m_body.size() * 1000 < m_limits.bodyRate * elapsed.count();
}

} // namespace hearth::http
