// GlibTurns: lets glib's main loop turn while an answer of a glib library is awaited.
//
// DesktopKeyring holds one for each of its jobs: libsecret answers through glib's main context, which nobody runs where
// Qt has a dispatcher of its own (QT_NO_GLIB). Where Qt runs on glib it does nothing. Main thread. Not for libraries
// that want to be served all the time.

#pragma once

#include <QTimer>

namespace hearth::platform {

class GlibTurns final : public QObject
{
    Q_OBJECT

public:
    /// Between two turns, while somebody waits.
    static constexpr std::chrono::milliseconds interval{10};

    /// Turns until it is destroyed.
    explicit GlibTurns(QObject *parent = nullptr);

private:
    QTimer m_timer;
};

} // namespace hearth::platform
