// SchedulerHarness: a Scheduler with rows and a clock to play on, and its decisions as short texts.
//
// A request has a label, `a1`: its key is the letters, and so is the owner of that key. What has been decided reads
// `a1>m` for a request that was sent to Llm m, `a1!queue_full` for one that was refused, and `wake m`.

#pragma once

#include "domainrows.h"
#include "scheduler.h"

#include <map>
#include <set>

namespace hearth::testsupport {

class SchedulerHarness
{
public:
    explicit SchedulerHarness(scheduling::SchedulerSettings settings = {});

    /// An active Llm of alice's.
    void add(const char *name, int maxConcurrency = 1, const char *pool = "");
    /// Changes a row and tells the scheduler.
    void change(const char *name, const std::function<void(domain::Llm &)> &edit);
    /// Its publisher is there.
    void activate(const char *name);
    /// It hibernates and can be woken.
    void hibernate(const char *name);
    /// Offline: its publisher is lost.
    void deactivate(const char *name, domain::StatusReason reason = domain::StatusReason::Offline);
    void remove(const char *name);
    void setReachable(const char *name, bool reachable);

    static LlmId id(const char *llm);
    /// The Llm of this name, or else the pool.
    domain::Destination destination(const char *name) const;
    /// For that Llm or pool, with key and owner of the label.
    scheduling::Request request(const char *label, const char *destination) const;
    /// The code of the error that was told at once; empty when there was none.
    QByteArray submit(const char *label, const scheduling::Request &request);
    QByteArray submit(const char *label, const char *destination);

    void leave(const char *label) { scheduler.leave(m_tickets.at(label)); }

    void release(const char *label) { scheduler.release(m_tickets.at(label)); }

    /// All that is decided now, in order.
    QByteArray settle();

    scheduling::Ticket ticket(const char *label) const { return m_tickets.at(label); }

    FakeClock clock;
    domain::Registry registry{clock};
    scheduling::Scheduler scheduler;
    /// What the last refusal said.
    Error lastError;

private:
    std::set<LlmId> m_unreachable;
    std::map<QByteArray, scheduling::Ticket> m_tickets;
    std::map<scheduling::Ticket, QByteArray> m_labels;
};

} // namespace hearth::testsupport
