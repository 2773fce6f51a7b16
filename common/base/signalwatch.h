// SignalWatch: signals of the operating system, such as SIGTERM, as a signal of the event loop.
//
// Made by whoever sees to the end of a program: its main(), Daemon, PublishRun; after the application. Whatever thread
// the operating system chooses, received() is emitted in the one that made the watch. A signal is watched by one watch
// at a time; when that is destroyed, the signal does again what it does by default.

#pragma once

#include <QList>
#include <QObject>

namespace hearth {

class SignalWatch final : public QObject
{
    Q_OBJECT

public:
    enum class Takes {
        /// Of each signal; the next one does what it does by default. So a second SIGTERM ends a program that hangs.
        First,
        Every,
    };

    /// `numbers` as in <csignal>.
    SignalWatch(QList<int> numbers, Takes takes, QObject *parent = nullptr);
    ~SignalWatch() override;

Q_SIGNALS:
    void received(int number);

private:
    void read();

    QList<int> m_numbers;
    int m_readEnd = -1;
    int m_writeEnd = -1;
};

/// Whether the program was started from a terminal. SIGHUP, which otherwise tells it to read its configuration again,
/// says then that the terminal was closed, and the person wants the program to end with it.
bool endsWithTerminal();

} // namespace hearth
