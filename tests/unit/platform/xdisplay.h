// XDisplay: an X server of the test's own (Xvfb), and the test as its window manager.
//
// It sets what a window manager sets by the Extended Window Manager Hints, and nothing else. The server ends with the
// object, and also when the test itself dies.

#pragma once

#include <QProcess>

#include <xcb/xcb.h>

namespace hearth::platform {

class XDisplay
{
public:
    XDisplay();
    ~XDisplay();
    XDisplay(const XDisplay &) = delete;
    XDisplay &operator=(const XDisplay &) = delete;

    /// As for the variable DISPLAY; empty when the server does not start.
    const QByteArray &name() const { return m_name; }

    /// The last in the list of windows.
    xcb_window_t addWindow(quint32 processId);
    /// The window goes; the window manager still lists it.
    void removeWindow(xcb_window_t window);
    /// What the window manager lists.
    void listWindows(const QList<quint32> &windows);
    void setProcess(xcb_window_t window, quint32 processId);
    void setFullScreen(xcb_window_t window, bool isFullScreen, bool isMinimized = false);
    /// As when the session ends.
    void kill();

private:
    xcb_atom_t atom(QByteArrayView name);
    void setValues(xcb_window_t window, QByteArrayView property, xcb_atom_t type, const QList<quint32> &values);

    QProcess m_server;
    QByteArray m_name;
    xcb_connection_t *m_connection = nullptr;
    xcb_window_t m_root = XCB_WINDOW_NONE;
    QList<quint32> m_windows;
};

} // namespace hearth::platform
