// Attentions: what of a running Publisher needs a person.
//
// Whoever runs a Publisher tells it how that is whenever it changes, and how wakes end; list() goes into the snapshot.
// Only causes that a person can remove are in it: a server that is down comes back by itself. It remembers what cannot
// be seen of one moment: wakes that failed, and backends that were there. What is wrong with files and keyrings is its
// caller's affair. Pure; one thread.

#pragma once

#include "attention.h"
#include "publisher.h"

#include <QHash>

namespace hearth::status {

class Attentions
{
public:
    /// How a publisher is now; what is referred to is used during look() only.
    struct Facts
    {
        std::optional<ErrorCode> problemCode = std::nullopt;
        QString problem = {};
        const std::list<publisher::PublishedLlm> &llms;
        std::span<const publisher::PublishedAgent> agents = {};
    };

    static Facts factsOf(const publisher::Publisher &publisher);

    void look(const Facts &facts);

    /// The next look() is at another publisher, which has yet to ask the backends how they are.
    void forgetBackends() { m_seenBackends.clear(); }

    /// One that the owner has cancelled, or has ended by changing its settings, is no news to him.
    void wakeEnded(const QString &llm, const Result<void> &result);

    /// The most urgent first.
    std::vector<Attention> list() const;

private:
    void lookAtProblem(const Facts &facts);
    void lookAtOutcome(const std::optional<channel::EntryOutcome> &outcome);
    void lookAtBackend(const publisher::PublishedLlm &llm);
    void forgetOthersThan(const std::list<publisher::PublishedLlm> &llms);

    /// Of the latest look(): what the server thinks of the key, of the session and of names.
    std::vector<Attention> m_refusals;
    /// Why the latest wake of an Llm that has a recipe has failed.
    QHash<QString, QString> m_failedWakes;
    /// Llms whose backend was active once; true where it is gone now.
    QHash<QString, bool> m_seenBackends;
};

} // namespace hearth::status
