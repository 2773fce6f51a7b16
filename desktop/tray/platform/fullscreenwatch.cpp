#include "fullscreenwatch.h"

#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string_view>
#include <unistd.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

namespace hearth::platform {

namespace {

/// A window has a handful of states, and a person some dozens of windows: no property is read beyond this many 32-bit
/// values.
constexpr quint32 maxValues = 256;

struct Free
{
    void operator()(void *memory) const { std::free(memory); }
};

using Property = std::unique_ptr<xcb_get_property_reply_t, Free>;

bool isX11Session()
{
    return qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") && !qEnvironmentVariableIsEmpty("DISPLAY");
}

quint32 rootWindow(xcb_connection_t *connection, int screen)
{
    xcb_screen_iterator_t screens = xcb_setup_roots_iterator(xcb_get_setup(connection));
    for (; screen > 0 && screens.rem > 1; --screen)
        xcb_screen_next(&screens);
    return screens.data->root;
}

/// Whether the answer is here. Without an `answer` the question has failed: the window may have gone.
bool takeAnswer(xcb_connection_t *connection, quint32 question, Property &answer)
{
    void *reply = nullptr;
    xcb_generic_error_t *error = nullptr;
    const bool isHere = xcb_poll_for_reply(connection, question, &reply, &error) != 0;
    std::free(error);
    answer.reset(static_cast<xcb_get_property_reply_t *>(reply));
    return isHere;
}

std::span<const quint32> valuesOf(const Property &answer)
{
    if (!answer || answer->format != 32)
        return {};
    const auto *first = static_cast<const quint32 *>(xcb_get_property_value(answer.get()));
    return {first, static_cast<size_t>(xcb_get_property_value_length(answer.get())) / sizeof(quint32)};
}

} // namespace

FullScreenWatch::FullScreenWatch(QObject *parent)
    : QObject(parent)
{
    if (isX11Session())
        connectToServer();
    if (!m_connection)
        m_isFullScreen = false;
}

FullScreenWatch::~FullScreenWatch() = default;

void FullScreenWatch::Disconnect::operator()(xcb_connection_t *connection) const
{
    xcb_disconnect(connection);
}

void FullScreenWatch::connectToServer()
{
    // The only waits: two round trips, as at the start of every program with a window.
    int screen = 0;
    m_connection.reset(xcb_connect(nullptr, &screen));
    if (xcb_connection_has_error(m_connection.get()) != 0) {
        m_connection.reset();
        return;
    }
    m_root = rootWindow(m_connection.get(), screen);
    constexpr std::array<std::string_view, 5> names{"_NET_CLIENT_LIST", "_NET_WM_STATE", "_NET_WM_STATE_FULLSCREEN",
                                                    "_NET_WM_STATE_HIDDEN", "_NET_WM_PID"};
    const std::array<quint32 *, 5> atoms{&m_atoms.clientList, &m_atoms.state, &m_atoms.fullScreen, &m_atoms.hidden,
                                         &m_atoms.processId};
    std::array<xcb_intern_atom_cookie_t, 5> questions{};
    for (size_t i = 0; i < names.size(); ++i)
        questions[i] = xcb_intern_atom(m_connection.get(), 0, static_cast<uint16_t>(names[i].size()), names[i].data());
    for (size_t i = 0; i < names.size(); ++i) {
        const std::unique_ptr<xcb_intern_atom_reply_t, Free> reply(
            xcb_intern_atom_reply(m_connection.get(), questions[i], nullptr));
        *atoms[i] = reply ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
    }
    m_readable = new QSocketNotifier(xcb_get_file_descriptor(m_connection.get()), QSocketNotifier::Read, this);
    connect(m_readable, &QSocketNotifier::activated, this, &FullScreenWatch::answersCame);
}

std::optional<bool> FullScreenWatch::isFullScreen()
{
    // An answer that came in while a question was written has woken no notifier.
    readAnswers();
    if (m_connection && m_step == Step::Idle) {
        m_listQuestion = ask(m_root, m_atoms.clientList, XCB_ATOM_WINDOW);
        m_step = Step::Windows;
        xcb_flush(m_connection.get());
    }
    return m_isFullScreen;
}

quint32 FullScreenWatch::ask(quint32 window, quint32 property, quint32 type) const
{
    return xcb_get_property(m_connection.get(), 0, window, property, type, 0, maxValues).sequence;
}

void FullScreenWatch::answersCame()
{
    const std::optional<bool> before = m_isFullScreen;
    readAnswers();
    if (m_isFullScreen != before)
        Q_EMIT changed();
}

void FullScreenWatch::readAnswers()
{
    if (!m_connection)
        return;
    // Some events go to every client, whether it wants them or not.
    while (xcb_generic_event_t *event = xcb_poll_for_event(m_connection.get()))
        std::free(event);
    if (xcb_connection_has_error(m_connection.get()) != 0) {
        giveUp();
        return;
    }
    if (m_step == Step::Windows)
        readWindows();
    if (m_step == Step::WindowProperties)
        readWindowProperties();
}

void FullScreenWatch::readWindows()
{
    Property list;
    if (!takeAnswer(m_connection.get(), m_listQuestion, list))
        return;
    m_questions.clear();
    for (const quint32 window : valuesOf(list)) {
        m_questions.push_back({.processId = ask(window, m_atoms.processId, XCB_ATOM_CARDINAL),
                               .state = ask(window, m_atoms.state, XCB_ATOM_ATOM)});
    }
    if (m_questions.empty()) {
        m_isFullScreen = false;
        m_step = Step::Idle;
        return;
    }
    xcb_flush(m_connection.get());
    m_step = Step::WindowProperties;
}

void FullScreenWatch::readWindowProperties()
{
    // Answers come in the order of the questions: with the last one all others are here, too.
    Property last;
    if (!takeAnswer(m_connection.get(), m_questions.back().state, last))
        return;
    bool isFullScreen = isFilledByOther(m_questions.back(), valuesOf(last));
    m_questions.pop_back();
    for (const Questions &questions : m_questions) {
        Property states;
        takeAnswer(m_connection.get(), questions.state, states);
        // Each answer has to be taken, also when the verdict is known.
        isFullScreen = isFilledByOther(questions, valuesOf(states)) || isFullScreen;
    }
    m_isFullScreen = isFullScreen;
    m_step = Step::Idle;
}

bool FullScreenWatch::isFilledByOther(const Questions &questions, std::span<const quint32> states) const
{
    Property processId;
    takeAnswer(m_connection.get(), questions.processId, processId);
    const std::span<const quint32> owner = valuesOf(processId);
    const bool isOurs = !owner.empty() && owner.front() == static_cast<quint32>(::getpid());
    return !isOurs && std::ranges::count(states, m_atoms.fullScreen) > 0 &&
           std::ranges::count(states, m_atoms.hidden) == 0;
}

void FullScreenWatch::giveUp()
{
    // It may be its signal that has led here.
    m_readable->setEnabled(false);
    m_readable->deleteLater();
    m_connection.reset();
    m_isFullScreen = false;
}

} // namespace hearth::platform
