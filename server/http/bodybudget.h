// BodyBudget: how much memory all request bodies together may take, and who holds how much of it.
//
// One per server; every Connection charges its body to a Share as it arrives and holds it until the exchange has ended.
// Main thread only. It counts bytes and owns none.

#pragma once

#include <QtGlobal>

#include <algorithm>
#include <utility>

namespace hearth::http {

class BodyBudget
{
public:
    explicit BodyBudget(qint64 limit)
        : m_limit(limit)
        , m_free(limit)
    {}

    /// Nobody loses what they hold: below that, nothing more is given out until enough has come back.
    void setLimit(qint64 limit) { m_free += limit - std::exchange(m_limit, limit); }

    /// What is left, in bytes.
    qint64 free() const { return std::max<qint64>(m_free, 0); }

    class Share
    {
    public:
        explicit Share(BodyBudget &budget)
            : m_budget(budget)
        {}

        ~Share() { release(); }

        Share(const Share &) = delete;
        Share &operator=(const Share &) = delete;

        /// Makes this share `size` bytes large; false, and unchanged, when the budget does not allow it.
        bool resize(qint64 size)
        {
            if (size - m_size > m_budget.free())
                return false;
            m_budget.m_free -= size - m_size;
            m_size = size;
            return true;
        }

        void release() { resize(0); }

    private:
        BodyBudget &m_budget;
        qint64 m_size = 0;
    };

private:
    qint64 m_limit;
    /// Negative while more is held than the limit allows by now.
    qint64 m_free;
};

} // namespace hearth::http
