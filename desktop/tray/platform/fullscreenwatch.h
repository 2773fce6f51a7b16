// FullScreenWatch: whether another program has a window that covers a whole screen, active or not.
//
// Asked by DesktopProbes. It speaks the Extended Window Manager Hints over a connection of its own to the X server and
// never waits for an answer: isFullScreen() tells what the last questions have found and asks anew; when that finds
// something else, changed() tells. A minimized window does not count; one on a workspace that is not shown does, for
// its program goes on. Of more windows than a person has, only the first ones are looked at. Without X, and under
// Wayland, where nobody may know of others' windows, the answer is `false`. Main thread.

#pragma once

#include <QObject>

#include <memory>
#include <optional>
#include <span>
#include <vector>

struct xcb_connection_t;
class QSocketNotifier;

namespace hearth::platform {

class FullScreenWatch final : public QObject
{
    Q_OBJECT

public:
    explicit FullScreenWatch(QObject *parent = nullptr);
    ~FullScreenWatch() override;

    /// Nothing before the first answer.
    std::optional<bool> isFullScreen();

Q_SIGNALS:
    /// isFullScreen() has another answer. Never emitted from inside isFullScreen().
    void changed();

private:
    struct Atoms
    {
        quint32 clientList = 0;
        quint32 state = 0;
        quint32 fullScreen = 0;
        quint32 hidden = 0;
        quint32 processId = 0;
    };

    enum class Step {
        Idle,
        /// Which windows there are.
        Windows,
        /// How each of them is shown, and whose it is.
        WindowProperties,
    };

    /// The sequence numbers of what is asked of one window.
    struct Questions
    {
        quint32 processId = 0;
        quint32 state = 0;
    };

    struct Disconnect
    {
        void operator()(xcb_connection_t *connection) const;
    };

    void connectToServer();
    quint32 ask(quint32 window, quint32 property, quint32 type) const;
    void answersCame();
    void readAnswers();
    void readWindows();
    void readWindowProperties();
    /// Takes the answer to whose the window is, which must be here.
    bool isFilledByOther(const Questions &questions, std::span<const quint32> states) const;
    void giveUp();

    std::unique_ptr<xcb_connection_t, Disconnect> m_connection;
    QSocketNotifier *m_readable = nullptr;
    quint32 m_root = 0;
    Atoms m_atoms;
    Step m_step = Step::Idle;
    /// The sequence number of the question for the windows.
    quint32 m_listQuestion = 0;
    std::vector<Questions> m_questions;
    std::optional<bool> m_isFullScreen;
};

} // namespace hearth::platform
