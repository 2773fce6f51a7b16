// WakeMemory: how long the latest good wake of each Llm took, as far as this program has seen.
//
// Board shows it every snapshot; LlmModel asks it, because "usually 40 s" tells a person more than the limit of a
// recipe. It forgets with the program. Main thread.

#pragma once

#include "publishersnapshot.h"

#include <QHash>

namespace hearth::board {

class WakeMemory
{
public:
    void look(const std::vector<status::LlmSnapshot> &llms);
    /// Nothing before a wake has ended well.
    std::optional<Duration> usual(const QString &llm) const;

private:
    /// As of the latest tick of each wake that runs.
    QHash<QString, Duration> m_running;
    QHash<QString, Duration> m_usual;
};

} // namespace hearth::board
