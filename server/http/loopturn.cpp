#include "loopturn.h"

#include <QAbstractEventDispatcher>

#include <algorithm>
#include <utility>

namespace hearth::http {

LoopTurn::LoopTurn(QObject *parent)
    : QObject(parent)
{
    const QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    Q_ASSERT(dispatcher);
    // aboutToBlock() alone is not enough: a loop that finds more to do does not block.
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, &LoopTurn::run);
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &LoopTurn::run);
}

void LoopTurn::ask(Guest &guest)
{
    if (!std::exchange(guest.m_waits, true))
        m_waiting.push_back(&guest);
}

void LoopTurn::forget(Guest &guest)
{
    std::replace(m_waiting.begin(), m_waiting.end(), &guest, static_cast<Guest *>(nullptr));
    std::replace(m_served.begin(), m_served.end(), &guest, static_cast<Guest *>(nullptr));
}

void LoopTurn::run()
{
    if (m_waiting.empty() || !m_served.empty())
        return;
    m_served.swap(m_waiting);
    for (Guest *const guest : m_served) {
        if (!guest)
            continue;
        guest->m_waits = false;
        guest->turnEnded();
    }
    m_served.clear();
    // Who asked meanwhile gets the next turn, after whatever else is ready: nobody keeps the loop for himself.
    if (!m_waiting.empty())
        QAbstractEventDispatcher::instance()->wakeUp();
}

} // namespace hearth::http
