// BodyBudget: how much memory all request bodies together may take, and who holds how much of it.
//
// One per server; every Connection charges its body to a Share as it arrives and holds it until the exchange has ended.
// Main thread only. It counts bytes and owns none.

#pragma once

#include <QtGlobal>

namespace hearth::http {

class BodyBudget
{
public:
    explicit BodyBudget(qint64 limit)
        : m_free(limit)
    {}

    /// What is left, in bytes.
    qint64 free() const { return m_free; }

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
            if (size - m_size > m_budget.m_free)
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
    qint64 m_free;
};

} // namespace hearth::http
