#include "dashboard.h"

#include "activitypanel.h"
#include "connectionpanel.h"
#include "modelspanel.h"
#include "requestspanel.h"

#include <QBoxLayout>
#include <QSplitter>

namespace hearth::window {

Dashboard::Dashboard(board::Board &board, status::PublisherControl &control, const PublisherActions &actions,
                     QWidget *parent)
    : QWidget(parent)
    , m_connection(new ConnectionPanel(actions, this))
    , m_activity(new ActivityPanel(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_models(new ModelsPanel(board.llms(), control, m_splitter))
    , m_requests(new RequestsPanel(board.requests(), control, m_splitter))
{
    const int space = fontMetrics().height();
    m_splitter->setObjectName(QStringLiteral("splitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(space);
    constexpr int modelsShare = 3;
    m_splitter->setStretchFactor(0, modelsShare);
    m_splitter->setStretchFactor(1, 2);

    auto *const top = new QHBoxLayout;
    top->setSpacing(3 * space);
    top->addWidget(m_connection, 1);
    top->addWidget(m_activity, 1);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(space, space, space, space);
    layout->setSpacing(space);
    layout->addLayout(top);
    layout->addWidget(m_splitter, 1);
}

void Dashboard::setSnapshot(const status::PublisherSnapshot &snapshot)
{
    const bool isHere = snapshot.situation == status::Situation::Here;
    m_connection->setSnapshot(snapshot);
    m_activity->setHistory(snapshot.lastHour);
    m_models->setControllable(isHere);
    m_requests->setControllable(isHere);
}

} // namespace hearth::window
