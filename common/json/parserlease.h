// ParserLease: a simdjson parser for one text, without allocating its buffers for each.
//
// For the .cpp files of this room only. Every thread keeps one parser; a lease takes it and gives it back. A second
// lease at the same time, and one for a large text, whose buffers would be a burden to keep, has a parser of its own.

#pragma once

#include <simdjson.h>

#include <memory>
#include <utility>

namespace hearth::json {

class ParserLease
{
public:
    explicit ParserLease(qsizetype textBytes)
        : m_keep(textBytes <= keptTextBytes)
    {
        if (m_keep)
            m_parser = std::move(spare());
        if (!m_parser)
            m_parser = std::make_unique<simdjson::ondemand::parser>();
    }

    ~ParserLease()
    {
        if (m_keep)
            spare() = std::move(m_parser);
    }

    ParserLease(const ParserLease &) = delete;
    ParserLease &operator=(const ParserLease &) = delete;

    simdjson::ondemand::parser *operator->() const { return m_parser.get(); }

private:
    /// A parser takes about six times the largest text that it has seen.
    static constexpr qsizetype keptTextBytes = 256 * 1024;

    static std::unique_ptr<simdjson::ondemand::parser> &spare()
    {
        static thread_local std::unique_ptr<simdjson::ondemand::parser> parser;
        return parser;
    }

    bool m_keep;
    std::unique_ptr<simdjson::ondemand::parser> m_parser;
};

} // namespace hearth::json
