// AnswerHead: collects the lines of an answer's head that libcurl hands out one by one.
//
// Used by CurlExchange. Interim heads (1xx) are passed over. What other parts of Hearth would have to distrust, such as
// control characters or folded lines, makes the head malformed (RFC 9112 5.2 lets a gateway refuse it).

#pragma once

#include "httpfields.h"

namespace hearth::httpclient {

class AnswerHead
{
public:
    enum class Progress { Incomplete, Complete, Malformed, TooLarge };

    /// `maxSize` bounds all heads of one answer together, the interim ones included, in bytes.
    void reset(qsizetype maxSize);

    /// Takes one line with its end.
    Progress add(QByteArrayView line);

    /// The final status, 200 to 999, once the head is complete.
    int status() const { return m_status; }

    const HttpFields &fields() const { return m_fields; }

private:
    Progress startHead(QByteArrayView line);
    Progress endHead();
    Progress addField(QByteArrayView line);

    HttpFields m_fields;
    qsizetype m_left = 0;
    int m_status = 0;
};

} // namespace hearth::httpclient
