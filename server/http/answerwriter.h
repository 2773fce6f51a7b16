// AnswerWriter: builds the bytes of answers: heads, bodies and their framing (RFC 9112 6 and 7).
//
// Owned by a Connection, used on the main thread. It collects bytes until the connection takes them and does no I/O, so
// all that is written in one turn of the event loop becomes one chunk and leaves in one piece.

#pragma once

#include "httpmessage.h"

#include <optional>
#include <string>

namespace hearth::http {

/// What is settled about an answer before anybody has decided on its status.
struct AnswerTerms
{
    Method method = Method::Other;
    int minorVersion = 1;
    bool keepAlive = false;
    QByteArray requestId;
    HttpFields corsFields = {};
};

class AnswerWriter
{
public:
    /// The interim answer `100 Continue`.
    void writeContinue();
    /// A whole answer with its length. A body is left out where the method or the status allows none.
    void writeWhole(const AnswerTerms &terms, const Response &response);

    /// The head of an answer whose body follows: with `contentLength`, else chunked, or to the end of the connection
    /// for an HTTP/1.0 client.
    void begin(const AnswerTerms &terms, int status, const HttpFields &fields, std::optional<qint64> contentLength);
    void write(QByteArrayView piece);
    /// Ends the body; false when it is shorter than its head has announced, so that the connection must be reset.
    bool finish();

    /// Whether the client will take another answer on this connection after the last one.
    bool keepsConnection() const { return m_keepAlive; }

    /// How many bytes wait to be taken.
    qsizetype size() const { return static_cast<qsizetype>(m_bytes.size() - m_start); }

    bool isEmpty() const { return size() == 0; }

    /// The bytes that wait, valid until the next call of anything but a const function. Ends the chunk in hand.
    QByteArrayView bytes();
    /// Forgets the bytes that wait.
    void clear();

private:
    enum class Framing { None, Length, Chunked, UntilClose };

    void writeHead(const AnswerTerms &terms, int status, const HttpFields &fields, qint64 contentLength);
    void append(QByteArrayView text);
    void appendField(QByteArrayView name, QByteArrayView value);
    void sealChunk();

    /// Not a QByteArray, whose append() is an insert(): the head of an answer is many small pieces.
    std::string m_bytes;
    /// Where the bytes that wait begin in m_bytes.
    size_t m_start = 0;
    /// Where the size line of the chunk in hand is to be written.
    std::optional<size_t> m_chunk;
    Framing m_framing = Framing::None;
    /// What is left of an announced length.
    qint64 m_remaining = 0;
    bool m_keepAlive = false;
};

} // namespace hearth::http
