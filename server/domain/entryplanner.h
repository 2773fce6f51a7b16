// EntryPlanner: the rules that Llms and agents of a register message have in common: who may publish a name, what
// counts as an edit, and what becomes of rows that are not listed any more.
//
// For llmplan and agentplan only, which know the fields of their kind; nobody else includes it. Pure: it reads the
// registry and fills a plan.

#pragma once

#include "poolrules.h"
#include "registrationplan.h"
#include "rowchecks.h"

#include <QSet>

namespace hearth::domain {

/// What all entries of one message are judged by.
struct PlanScope
{
    const Registry &registry;
    const Principal &principal;
    const RegistrationContext &context;
    /// The session as it will be bound.
    const ProviderSession &session;
    /// The names of all entries.
    const QSet<QString> &listed;
};

struct Refusal
{
    channel::EntryStatus status = channel::EntryStatus::Invalid;
    /// What to do about it.
    QString message;
};

/// Plans the entries of one kind, one after the other. `Rules` tells it what differs between the kinds: `kindName` and
/// `otherKind` for messages, content(row), isResting(row), isTaken(name) by the other kind, published(session), and
/// withdraw(row, now).
template <typename Row, typename Rules>
class EntryPlanner
{
public:
    /// Everything must outlive the planner.
    EntryPlanner(const PlanScope &scope, const Rules &rules, RowChanges<Row> &changes)
        : m_scope(scope)
        , m_rules(rules)
        , m_changes(changes)
    {}

    /// The row that an entry begins with: `existing`, or one with defaults.
    Row startingPoint(const Row *existing, const QString &name) const
    {
        if (existing)
            return *existing;
        Row row;
        row.id = decltype(row.id)::create();
        row.name = name;
        row.createdAt = m_scope.context.now;
        return row;
    }

    /// The fields that every published row has of its publisher.
    void claim(Row &row) const
    {
        row.kind = LlmKind::Virtual;
        row.owner = m_scope.principal.owner();
        row.providerSessionId = m_scope.session.id;
        row.updatedAt = m_scope.context.now;
        row.lastHeartbeatAt = m_scope.context.now;
    }

    /// Takes `wanted`, which an entry asks for in place of `existing`, into the plan, or refuses it. `objection`: what
    /// else there is to say against it.
    void decide(const Row *existing, Row wanted, const std::optional<Refusal> &objection = std::nullopt)
    {
        std::optional<Refusal> refusal = mistake(wanted);
        if (!refusal)
            refusal = conflict(wanted.name, existing);
        if (!refusal)
            refusal = objection;
        if (refusal) {
            m_changes.outcomes.append({wanted.name, refusal->status, refusal->message});
            return;
        }
        m_names.insert(wanted.name);
        m_changes.outcomes.append({wanted.name, channel::EntryStatus::Accepted, {}});
        if (existing && m_rules.content(*existing) == m_rules.content(wanted)) {
            wanted.updatedAt = existing->updatedAt;
            m_changes.touched.append(wanted);
        } else {
            m_changes.written.append(wanted);
        }
    }

    /// What the session published before and no longer lists becomes inactive at once.
    void withdrawTheRest()
    {
        for (const Live<Row> *live : m_rules.published(m_scope.session.id)) {
            if (m_names.contains(live->row.name))
                continue;
            Row row = live->row;
            if (m_rules.withdraw(row, m_scope.context.now))
                m_changes.touched.append(row);
        }
    }

private:
    /// What the publisher has to put right.
    std::optional<Refusal> mistake(const Row &wanted) const
    {
        if (const QString problem = defect(wanted); !problem.isEmpty())
            return Refusal{channel::EntryStatus::Invalid, problem};
        if (!m_scope.principal.mayUse(wanted.name)) {
            return Refusal{channel::EntryStatus::Invalid,
                           QStringLiteral("This API key may not publish the name \"%1\".").arg(wanted.name)};
        }
        if (m_names.contains(wanted.name)) {
            return Refusal{channel::EntryStatus::Invalid,
                           QStringLiteral("The name \"%1\" is listed twice; list it once.").arg(wanted.name)};
        }
        return std::nullopt;
    }

    /// Why the name cannot be had now.
    std::optional<Refusal> conflict(const QString &name, const Row *existing) const
    {
        const auto because = [](const QString &message) { return Refusal{channel::EntryStatus::Conflict, message}; };
        if (m_rules.isTaken(name)) {
            return because(
                QStringLiteral("The name \"%1\" is taken by %2; choose another one.").arg(name, Rules::otherKind));
        }
        if (!existing) {
            const Result<void> isFree = checkHidesNoPool(m_scope.registry, name, m_scope.principal.owner());
            return isFree ? std::nullopt : std::optional(because(isFree.error().message));
        }
        if (existing->providerSessionId == m_scope.session.id)
            return std::nullopt;
        if (existing->kind == LlmKind::Public) {
            return because(
                QStringLiteral("Cannot publish over public %1: %2. Choose another name.").arg(Rules::kindName, name));
        }
        if (existing->owner != m_scope.principal.owner() && !m_scope.context.adoptAcrossOwners)
            return because(QStringLiteral("The name \"%1\" belongs to another owner; choose another one.").arg(name));
        // What a bound session merely rests (paused, draining, backend down) it still claims.
        const bool isClaimed = existing->status != LlmStatus::Inactive ||
                               (m_rules.isResting(*existing) && m_scope.context.isBound(existing->providerSessionId));
        if (isClaimed) {
            return because(QStringLiteral("\"%1\" is already active under a different session. Stop the other "
                                          "publisher, or choose another name.")
                               .arg(name));
        }
        return std::nullopt;
    }

    const PlanScope &m_scope;
    const Rules &m_rules;
    RowChanges<Row> &m_changes;
    QSet<QString> m_names;
};

} // namespace hearth::domain
