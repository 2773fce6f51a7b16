#include "requestreader.h"

#include <QCryptographicHash>

#include <algorithm>

namespace hearth::testbackend {

namespace {

constexpr QByteArrayView lineEnd("\r\n");
constexpr QByteArrayView headEnd("\r\n\r\n");
/// Of a chunk-size line or a trailer, in bytes.
constexpr qsizetype maxChunkLine = 4096;

} // namespace

RequestReader::Step RequestReader::next()
{
    switch (m_state) {
    case State::Complete:
        m_request = {};
        m_state = State::Head;
        return readHead();
    case State::Head:
        return readHead();
    case State::LengthBody:
        return readLengthBody();
    case State::ChunkSize:
    case State::ChunkData:
    case State::ChunkEnd:
    case State::Trailers:
        return readChunked();
    }
    Q_UNREACHABLE();
}

RequestReader::Step RequestReader::readHead()
{
    const qsizetype end = m_input.indexOf(headEnd);
    if (end > m_limits.head || (end < 0 && m_input.size() > m_limits.head))
        return Step::HeadTooLarge;
    if (end < 0)
        return Step::NeedsBytes;

    QByteArrayView rest = QByteArrayView(m_input).first(end);
    bool first = true;
    while (!rest.isEmpty()) {
        const qsizetype length = rest.indexOf(lineEnd);
        const QByteArrayView line = length < 0 ? rest : rest.first(length);
        rest = length < 0 ? QByteArrayView() : rest.sliced(length + lineEnd.size());
        if (!(first ? parseRequestLine(line) : parseField(line)))
            return Step::Malformed;
        first = false;
    }
    m_input.remove(0, end + headEnd.size());
    if (first || !chooseFraming())
        return Step::Malformed;
    return m_state == State::LengthBody && m_remaining > m_limits.body ? Step::BodyTooLarge : Step::HeadRead;
}

bool RequestReader::parseRequestLine(QByteArrayView line)
{
    const qsizetype methodEnd = line.indexOf(' ');
    const qsizetype targetEnd = line.lastIndexOf(' ');
    if (methodEnd <= 0 || targetEnd <= methodEnd + 1)
        return false;
    const QByteArrayView version = line.sliced(targetEnd + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return false;
    const QByteArrayView target = line.sliced(methodEnd + 1, targetEnd - methodEnd - 1);
    const qsizetype question = target.indexOf('?');
    m_request.method = line.first(methodEnd).toByteArray();
    m_request.path = (question < 0 ? target : target.first(question)).toByteArray();
    m_request.query = question < 0 ? QByteArray() : target.sliced(question + 1).toByteArray();
    m_request.minorVersion = version.endsWith('1') ? 1 : 0;
    return target.startsWith('/');
}

bool RequestReader::parseField(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon <= 0)
        return false;
    m_request.fields.append(line.first(colon).toByteArray().toLower(), line.sliced(colon + 1).trimmed().toByteArray());
    return true;
}

bool RequestReader::chooseFraming()
{
    if (m_request.fields.contains("transfer-encoding")) {
        m_state = State::ChunkSize;
        return m_request.fields.value("transfer-encoding").toLower() == "chunked";
    }
    m_state = State::LengthBody;
    m_remaining = 0;
    const QByteArray *const length = m_request.fields.find("content-length");
    if (!length)
        return true;
    bool ok = false;
    m_remaining = length->toLongLong(&ok);
    return ok && m_remaining >= 0;
}

RequestReader::Step RequestReader::readLengthBody()
{
    takeBody();
    return m_remaining > 0 ? Step::NeedsBytes : complete();
}

RequestReader::Step RequestReader::readChunked()
{
    for (;;) {
        if (m_state == State::ChunkData) {
            takeBody();
            if (m_remaining > 0)
                return Step::NeedsBytes;
            m_state = State::ChunkEnd;
        }
        const qsizetype length = m_input.indexOf(lineEnd);
        if (length < 0)
            return m_input.size() > maxChunkLine ? Step::Malformed : Step::NeedsBytes;
        const QByteArray line = m_input.first(length);
        m_input.remove(0, length + lineEnd.size());
        if (m_state == State::ChunkEnd) {
            if (!line.isEmpty())
                return Step::Malformed;
            m_state = State::ChunkSize;
        } else if (m_state == State::Trailers) {
            if (line.isEmpty())
                return complete();
        } else if (const Step step = readChunkSize(line); step != Step::NeedsBytes) {
            return step;
        }
    }
}

/// NeedsBytes means that the size was good and the chunk can be read.
RequestReader::Step RequestReader::readChunkSize(QByteArrayView line)
{
    const qsizetype extension = line.indexOf(';');
    bool ok = false;
    m_remaining = (extension < 0 ? line : line.first(extension)).trimmed().toByteArray().toLongLong(&ok, 16);
    if (!ok || m_remaining < 0)
        return Step::Malformed;
    if (m_remaining > m_limits.body - m_request.body.size())
        return Step::BodyTooLarge;
    m_state = m_remaining > 0 ? State::ChunkData : State::Trailers;
    return Step::NeedsBytes;
}

RequestReader::Step RequestReader::complete()
{
    m_request.bodySha256 = QCryptographicHash::hash(m_request.body, QCryptographicHash::Sha256).toHex();
    m_state = State::Complete;
    return Step::BodyRead;
}

void RequestReader::takeBody()
{
    const qsizetype size = std::min<qsizetype>(m_remaining, m_input.size());
    m_request.body += QByteArrayView(m_input).first(size);
    m_input.remove(0, size);
    m_remaining -= size;
}

} // namespace hearth::testbackend
