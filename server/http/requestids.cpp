#include "requestids.h"

#include <QRandomGenerator>

#include <charconv>

namespace hearth::http {

namespace {

constexpr int base = 36;

void appendNumber(QByteArray &text, quint64 number)
{
    char digits[16];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number, base);
    text.append(digits, end - digits);
}

} // namespace

RequestIds::RequestIds()
{
    appendNumber(m_prefix, QRandomGenerator::system()->generate64());
    m_prefix += '-';
}

QByteArray RequestIds::next()
{
    QByteArray id;
    id.reserve(32);
    id.append(m_prefix);
    appendNumber(id, ++m_counter);
    return id;
}

} // namespace hearth::http
