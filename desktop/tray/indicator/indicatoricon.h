// IndicatorIcon: the picture in the tray that belongs to a state, and its animation.
//
// TrayIndicator owns one. Each icon is painted once and kept. A timer runs only while a state has more than one frame.
// Main thread.

#pragma once

#include "iconpainter.h"

#include <QIcon>
#include <QObject>

#include <map>

namespace hearth::indicator {

class IndicatorIcon final : public QObject
{
    Q_OBJECT

public:
    explicit IndicatorIcon(Clock &clock, QObject *parent = nullptr);

    void setState(board::IndicatorState state);

    /// With a pixmap for each of iconSizes.
    const QIcon &icon() const { return m_icon; }

Q_SIGNALS:
    /// icon() is another one now.
    void changed();

private:
    void show(int frame);

    board::IndicatorState m_state = board::IndicatorState::Offline;
    int m_frame = 0;
    QIcon m_icon;
    std::map<std::pair<board::IndicatorState, int>, QIcon> m_painted;
    Timer m_timer;
};

} // namespace hearth::indicator
