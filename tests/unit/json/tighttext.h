// TightText: a text whose allocation ends with its last byte, so that the address sanitizer sees who reads behind it.

#pragma once

#include <QByteArray>

#include <algorithm>
#include <memory>

namespace hearth::json {

class TightText
{
public:
    explicit TightText(QByteArrayView text)
        : m_bytes(new char[static_cast<size_t>(text.size())])
        , m_size(text.size())
    {
        std::copy(text.begin(), text.end(), m_bytes.get());
    }

    /// Holds as long as this.
    QByteArray raw() const { return QByteArray::fromRawData(m_bytes.get(), m_size); }

private:
    std::unique_ptr<char[]> m_bytes;
    qsizetype m_size;
};

} // namespace hearth::json
