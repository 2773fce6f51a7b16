// Box: a box beside that of a Stack: a backend of its own, and a publisher that shares it as one Llm.
//
// Several of them make a pool. Its programs' files and logs are the stack's, so the stack must outlive it; what it runs
// is killed with it. For the thread of the test; functions that wait run the event loop.

#pragma once

#include "stack.h"

namespace hearth::testsupport {

struct BoxSettings
{
    /// Also the name of the publisher.
    QByteArray llm = {};
    QByteArray pool = "test-pool";
    int maxConcurrency = 4;
    /// The backend is asleep, and has a recipe that wakes it.
    bool asleep = false;
    QStringList backendFlags = {};
    /// Of the stack's keys, the one to publish with.
    QByteArray keyName = "publisher";
    /// More keys of the Llm's entry, as lines of YAML.
    QByteArray more = {};
};

class Box
{
public:
    Box(Stack &stack, BoxSettings settings);
    Box(const Box &) = delete;
    Box &operator=(const Box &) = delete;

    /// Starts both programs and waits until the Llm is active, or hibernating; false when that does not happen.
    bool start(std::chrono::milliseconds limit = Program::patience);
    /// The publisher must have ended. Does not wait.
    void startPublisher();

    Program &publisher() { return *m_publisher; }

    Program &backend() { return *m_backend; }

    const QByteArray &llm() const { return m_settings.llm; }

    /// What the backend was asked, the oldest first; the publisher's probes are left out.
    QList<QJsonObject> requests() const;
    /// How often the backend was woken.
    int wakes() const;

private:
    QByteArray entry() const;
    std::unique_ptr<HttpCall> ask(const QUrl &url, const QByteArray &target) const;

    Stack &m_stack;
    const BoxSettings m_settings;
    QUrl m_backendUrl;
    QUrl m_wakeUrl;
    std::unique_ptr<Program> m_backend;
    std::unique_ptr<Program> m_publisher;
};

} // namespace hearth::testsupport
