#include "indicatoricon.h"

#include <QPixmap>

namespace hearth::indicator {

namespace {

QIcon paint(board::IndicatorState state, int frame)
{
    QIcon icon;
    for (const int size : iconSizes)
        icon.addPixmap(QPixmap::fromImage(paintIcon(state, frame, size)));
    return icon;
}

} // namespace

IndicatorIcon::IndicatorIcon(Clock &clock, QObject *parent)
    : QObject(parent)
    , m_timer(clock, [this] { show((m_frame + 1) % frameCount(m_state)); })
{
    show(0);
}

void IndicatorIcon::setState(board::IndicatorState state)
{
    if (state == m_state)
        return;
    m_state = state;
    m_timer.stop();
    show(0);
}

void IndicatorIcon::show(int frame)
{
    m_frame = frame;
    QIcon &painted = m_painted[{m_state, frame}];
    if (painted.isNull())
        painted = paint(m_state, frame);
    m_icon = painted;
    if (frameCount(m_state) > 1)
        m_timer.start(frameInterval(m_state));
    Q_EMIT changed();
}

} // namespace hearth::indicator
