// Typed identifiers: an LlmId cannot be passed where a ProviderSessionId is meant.
//
// Row identifiers are random UUIDs in lower case, made by the server and opaque to everybody else. Plain values without
// thread affinity.

#pragma once

#include <QHash>
#include <QString>
#include <QUuid>

namespace hearth {

template <typename Tag>
class Id
{
public:
    Id() = default;

    explicit Id(QString text)
        : m_text(std::move(text))
    {}

    static Id create() { return Id(QUuid::createUuid().toString(QUuid::WithoutBraces)); }

    const QString &toString() const { return m_text; }

    bool isEmpty() const { return m_text.isEmpty(); }

    friend bool operator==(const Id &, const Id &) = default;

    friend auto operator<=>(const Id &a, const Id &b) { return a.m_text.compare(b.m_text) <=> 0; }

    friend size_t qHash(const Id &id, size_t seed = 0) { return qHash(id.m_text, seed); }

private:
    QString m_text;
};

using LlmId = Id<struct LlmTag>;
using AgentId = Id<struct AgentTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using ProviderSessionId = Id<struct ProviderSessionTag>;

/// A task on one control channel: below 2^53 so that JSON carries it exactly, and never reused.
enum class TaskId : quint64 {};

inline size_t qHash(TaskId id, size_t seed = 0)
{
    return ::qHash(static_cast<quint64>(id), seed);
}

} // namespace hearth
