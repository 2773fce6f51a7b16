// LoopTurn: work that is done once per turn of the event loop, however often it was asked for.
//
// One per server, main thread only. Connections ask for their turn whenever an answer has grown or ended; the work runs
// when the turn's events have been handled and before the loop blocks. It hangs on two signals that every
// QAbstractEventDispatcher sends, awake() and aboutToBlock(), and so costs no system call and no posted event.

#pragma once

#include <QObject>

#include <vector>

namespace hearth::http {

class LoopTurn final : public QObject
{
    Q_OBJECT

public:
    class Guest
    {
    public:
        Guest() = default;
        virtual ~Guest() = default;
        Guest(const Guest &) = delete;
        Guest &operator=(const Guest &) = delete;

        /// The turn that this guest has asked for. Asking from here means the next turn.
        virtual void turnEnded() = 0;

    private:
        friend class LoopTurn;
        bool m_waits = false;
    };

    /// The thread must have an event dispatcher.
    explicit LoopTurn(QObject *parent = nullptr);

    void ask(Guest &guest);
    /// Must be called before a guest is destroyed.
    void forget(Guest &guest);

private:
    void run();

    std::vector<Guest *> m_waiting;
    std::vector<Guest *> m_served;
};

} // namespace hearth::http
