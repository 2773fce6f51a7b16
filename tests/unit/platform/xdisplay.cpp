#include "xdisplay.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <sys/prctl.h>

namespace hearth::platform {

XDisplay::XDisplay()
{
    m_server.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    // It takes a free number and writes it to standard output.
    m_server.start(QStringLiteral("Xvfb"), {QStringLiteral("-displayfd"), QStringLiteral("1"),
                                            QStringLiteral("-nolisten"), QStringLiteral("tcp")});
    while (m_server.state() != QProcess::NotRunning && !m_server.canReadLine()) {
        if (!m_server.waitForReadyRead())
            return;
    }
    const QByteArray number = m_server.readLine().trimmed();
    if (number.isEmpty())
        return;
    m_name = ':' + number;
    m_connection = xcb_connect(m_name.constData(), nullptr);
    m_root = xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data->root;
}

XDisplay::~XDisplay()
{
    if (m_connection)
        xcb_disconnect(m_connection);
    kill();
}

xcb_window_t XDisplay::addWindow(quint32 processId)
{
    const xcb_window_t window = xcb_generate_id(m_connection);
    xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, window, m_root, 0, 0, 10, 10, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, 0, nullptr);
    setProcess(window, processId);
    listWindows(m_windows + QList<quint32>{window});
    return window;
}

void XDisplay::removeWindow(xcb_window_t window)
{
    xcb_destroy_window(m_connection, window);
    xcb_flush(m_connection);
}

void XDisplay::listWindows(const QList<quint32> &windows)
{
    m_windows = windows;
    setValues(m_root, "_NET_CLIENT_LIST", XCB_ATOM_WINDOW, m_windows);
}

void XDisplay::setProcess(xcb_window_t window, quint32 processId)
{
    setValues(window, "_NET_WM_PID", XCB_ATOM_CARDINAL, {processId});
}

void XDisplay::setFullScreen(xcb_window_t window, bool isFullScreen, bool isMinimized)
{
    QList<quint32> states{atom("_NET_WM_STATE_FOCUSED")};
    if (isFullScreen)
        states.append(atom("_NET_WM_STATE_FULLSCREEN"));
    if (isMinimized)
        states.append(atom("_NET_WM_STATE_HIDDEN"));
    setValues(window, "_NET_WM_STATE", XCB_ATOM_ATOM, states);
}

void XDisplay::kill()
{
    m_server.kill();
    m_server.waitForFinished();
}

xcb_atom_t XDisplay::atom(QByteArrayView name)
{
    const xcb_intern_atom_cookie_t question =
        xcb_intern_atom(m_connection, 0, static_cast<uint16_t>(name.size()), name.data());
    const std::unique_ptr<xcb_intern_atom_reply_t, decltype(&std::free)> reply(
        xcb_intern_atom_reply(m_connection, question, nullptr), &std::free);
    return reply ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
}

void XDisplay::setValues(xcb_window_t window, QByteArrayView property, xcb_atom_t type, const QList<quint32> &values)
{
    xcb_change_property(m_connection, XCB_PROP_MODE_REPLACE, window, atom(property), type, 32,
                        static_cast<uint32_t>(values.size()), values.constData());
    xcb_flush(m_connection);
}

} // namespace hearth::platform
