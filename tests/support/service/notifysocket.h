// NotifySocket: a service manager as a program under test sees it, the socket to which it reports with sd_notify(3).
//
// The environment of the test names the socket as long as the object lives, and so does that of programs which are
// started meanwhile. For the thread of the test; the waiting function runs the event loop.

#pragma once

#include <QByteArray>
#include <QList>
#include <QTemporaryDir>

#include <chrono>

namespace hearth::testsupport {

class NotifySocket final
{
public:
    NotifySocket();
    ~NotifySocket();
    Q_DISABLE_COPY_MOVE(NotifySocket)

    /// Also waits for signs of life of everybody who is started meanwhile, at least one in this time.
    void setWatchdog(std::chrono::microseconds limit);

    /// The next message but those to the watchdog, waiting for it if need be; empty when none comes.
    QByteArray next(std::chrono::milliseconds limit = std::chrono::seconds(20));
    /// The same without waiting.
    QByteArray takeNext();
    /// How many messages to the watchdog have come so far.
    int watchdogMessages();

private:
    void receive();

    QTemporaryDir m_folder;
    int m_descriptor;
    QList<QByteArray> m_messages;
    int m_watchdogMessages = 0;
};

} // namespace hearth::testsupport
