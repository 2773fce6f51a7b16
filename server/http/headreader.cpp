#include "headreader.h"

#include "headgate.h"
#include "servercontext.h"

#include <QTcpSocket>

namespace hearth::http {

HeadReader::HeadReader(ServerContext &context, RequestParser &parser, const HttpLimits &limits)
    : m_context(context)
    , m_parser(parser)
    , m_limits(limits)
{}

Result<qsizetype> HeadReader::read(QTcpSocket &socket, RequestHead &head)
{
    const Result<QByteArrayView> bytes = peek(socket);
    if (!bytes)
        return bytes.error();
    if (bytes->isEmpty())
        return 0;
    if (const Result<void> parsed = m_parser.parseHead(*bytes, head); !parsed)
        return parsed.error();
    return bytes->size();
}

/// The bytes of the next head; none while it is incomplete.
Result<QByteArrayView> HeadReader::peek(QTcpSocket &socket)
{
    constexpr qint64 glance = 4096; // more than most heads have
    for (const qint64 size : {glance, socket.readBufferSize()}) {
        const QByteArrayView bytes(m_context.scratch.constData(), socket.peek(m_context.scratch.data(), size));
        const Result<qsizetype> headSize = checkHead(bytes, m_limits);
        if (!headSize)
            return headSize.error();
        if (*headSize > 0)
            return bytes.first(*headSize);
        if (bytes.size() < size)
            break;
    }
    return QByteArrayView();
}

} // namespace hearth::http
