#include "windowscene.h"

#include "eventcount.h"

#include <QLabel>
#include <QTableView>
#include <QTest>

namespace hearth::window {

namespace {

constexpr int settleMilliseconds = 20;

} // namespace

void waitUntilPainted(QWidget &widget)
{
    // What the desktop and the styles have to say about a new window comes a little later.
    EventCount repaints(widget, QEvent::UpdateRequest);
    do
        QTest::qWait(settleMilliseconds);
    while (repaints.take() > 0);
}

WindowScene::WindowScene(status::PublisherSnapshot snapshot)
    : m_snapshot(std::move(snapshot))
{
    Q_ASSERT(m_state.isValid() && m_isStateSet);
}

void WindowScene::become(status::PublisherSnapshot snapshot)
{
    m_snapshot = std::move(snapshot);
    board.refresh();
}

void WindowScene::change(status::PublisherSnapshot snapshot)
{
    m_snapshot = std::move(snapshot);
    board.touch();
}

void WindowScene::show()
{
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    waitUntilPainted(window);
}

QString WindowScene::text(const char *objectName) const
{
    return find<QLabel>(objectName).text();
}

void WindowScene::select(const char *table, int row)
{
    find<QTableView>(table).selectRow(row);
}

} // namespace hearth::window
