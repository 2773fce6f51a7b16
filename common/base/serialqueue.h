// SerialQueue: runs asynchronous jobs one after the other.
//
// Whoever changes rows plans on the present state, stores the plan, and applies it when the database has confirmed. Two
// such changes must not overlap, or the second would be planned on a state that the first is about to replace. Jobs
// start in the order in which they were added. One thread.

#pragma once

#include <deque>
#include <functional>

namespace hearth {

class SerialQueue
{
public:
    /// To be called by a job exactly once, when it is over; the next job then starts.
    using Finished = std::function<void()>;
    using Job = std::function<void(Finished)>;

    void add(Job job)
    {
        m_jobs.push_back(std::move(job));
        if (!m_running)
            startNext();
    }

private:
    void startNext()
    {
        // A loop and not a recursion: jobs may finish before they return.
        while (!m_running && !m_jobs.empty()) {
            const Job job = std::move(m_jobs.front());
            m_jobs.pop_front();
            m_running = true;
            m_starting = true;
            job([this] {
                m_running = false;
                if (!m_starting)
                    startNext();
            });
            m_starting = false;
        }
    }

    std::deque<Job> m_jobs;
    bool m_running = false;
    bool m_starting = false;
};

} // namespace hearth
