// RecordingControl: a PublisherControl that only writes down what it was told.
//
// Used by the tests of the window. Main thread.

#pragma once

#include "publishercontrol.h"

#include <QStringList>

namespace hearth::window {

class RecordingControl final : public status::PublisherControl
{
public:
    /// `wake llama-70b`, `cancelRequest 7`, in the order of the calls; forgets them.
    QStringList takeCalls() { return std::exchange(m_calls, {}); }

    void wake(const QString &llm) override { m_calls += QStringLiteral("wake ") + llm; }

    void cancelWake(const QString &llm) override { m_calls += QStringLiteral("cancelWake ") + llm; }

    void cancelRequest(TaskId task) override { m_calls += QStringLiteral("cancelRequest %1").arg(quint64(task)); }

    void setPublished(const QString &llm, bool isPublished) override
    {
        m_calls += QStringLiteral("setPublished %1 %2").arg(llm).arg(isPublished);
    }

    void pause() override { m_calls += QStringLiteral("pause"); }

    void drain() override { m_calls += QStringLiteral("drain"); }

    void resume() override { m_calls += QStringLiteral("resume"); }

    void connectNow() override { m_calls += QStringLiteral("connectNow"); }

    void takeOver() override { m_calls += QStringLiteral("takeOver"); }

private:
    QStringList m_calls;
};

} // namespace hearth::window
