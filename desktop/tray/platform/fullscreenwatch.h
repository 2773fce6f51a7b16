// FullScreenWatch: whether the active window covers a whole screen and belongs to another program.
//
// Asked by DesktopProbes. It speaks the Extended Window Manager Hints over a connection of its own to the X server and
// never waits for an answer: isFullScreen() tells what the last question has found and asks the next one. Without X,
// and under Wayland, where nobody may know of others' windows, the answer is `false`. Main thread.

#pragma once

#include <QObject>

#include <memory>

struct xcb_connection_t;
class QSocketNotifier;

namespace hearth::platform {

class FullScreenWatch final : public QObject
{
    Q_OBJECT

public:
    explicit FullScreenWatch(QObject *parent = nullptr);
    ~FullScreenWatch() override;

    bool isFullScreen();

private:
    struct Atoms
    {
        quint32 activeWindow = 0;
        quint32 state = 0;
        quint32 fullScreen = 0;
        quint32 processId = 0;
    };

    enum class Step {
        Idle,
        /// Which window is active.
        ActiveWindow,
        /// Whether that one is full screen, and whose it is.
        WindowProperties,
    };

    struct Disconnect
    {
        void operator()(xcb_connection_t *connection) const;
    };

    void connectToServer();
    quint32 ask(quint32 window, quint32 property, quint32 type) const;
    void readAnswers();
    void readActiveWindow();
    void readWindowProperties();
    void giveUp();

    std::unique_ptr<xcb_connection_t, Disconnect> m_connection;
    QSocketNotifier *m_readable = nullptr;
    quint32 m_root = 0;
    Atoms m_atoms;
    Step m_step = Step::Idle;
    /// The sequence numbers of the questions under way.
    quint32 m_firstQuestion = 0;
    quint32 m_secondQuestion = 0;
    bool m_isFullScreen = false;
};

} // namespace hearth::platform
