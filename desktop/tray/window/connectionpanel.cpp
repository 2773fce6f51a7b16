#include "connectionpanel.h"

#include "looks.h"
#include "publisheractions.h"
#include "statuswords.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace hearth::window {

namespace {

using board::StatusWords;

QString onlineWords(const status::PublisherSnapshot &snapshot)
{
    switch (snapshot.intake) {
    case publisher::Intake::Open:
        return ConnectionPanel::tr("Online");
    case publisher::Intake::Draining:
        return snapshot.running() > 0 ? ConnectionPanel::tr("Online, draining") : ConnectionPanel::tr("Online, paused");
    case publisher::Intake::Paused:
        return ConnectionPanel::tr("Online, paused");
    }
    Q_UNREACHABLE();
}

QString stateWords(const status::PublisherSnapshot &snapshot)
{
    switch (snapshot.state) {
    case publisher::ConnectionState::Offline:
        return ConnectionPanel::tr("Offline");
    case publisher::ConnectionState::Connecting:
        return ConnectionPanel::tr("Connecting…");
    case publisher::ConnectionState::Online:
        return onlineWords(snapshot);
    }
    Q_UNREACHABLE();
}

QString boxWords(const status::PublisherSnapshot &snapshot)
{
    if (snapshot.intake == publisher::Intake::Open)
        return ConnectionPanel::tr("This box is called %1").arg(snapshot.name);
    return snapshot.pauseReason.isEmpty() ? ConnectionPanel::tr("Nothing new is taken; what runs is finished")
                                          : ConnectionPanel::tr("Nothing new is taken: %1").arg(snapshot.pauseReason);
}

QString roundTripWords(const status::ConnectionSnapshot &connection)
{
    return connection.roundTrip ? ConnectionPanel::tr("%1 ms").arg(connection.roundTrip->count())
                                : StatusWords::nothing();
}

QString serverWords(const status::PublisherSnapshot &snapshot)
{
    const QString url = snapshot.server.toString();
    if (!snapshot.connection || snapshot.connection->serverVersion.isEmpty())
        return url;
    return ConnectionPanel::tr("%1 (version %2)").arg(url, snapshot.connection->serverVersion);
}

} // namespace

ConnectionPanel::ConnectionPanel(const PublisherActions &actions, QWidget *parent)
    : QWidget(parent)
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(makeHead(actions));
    m_trouble = makeTrouble(actions);
    layout->addWidget(m_trouble);
    layout->addSpacing(fontMetrics().height() / 2);

    auto *const facts = new QFormLayout;
    facts->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    facts->setLabelAlignment(Qt::AlignLeft);
    facts->setHorizontalSpacing(fontMetrics().averageCharWidth() * 3);
    m_server = addFact(*facts, tr("Server"), QStringLiteral("server"));
    m_since = addFact(*facts, tr("Online for"), QStringLiteral("since"));
    m_roundTrip = addFact(*facts, tr("Round trip"), QStringLiteral("roundTrip"));
    m_heartbeat = addFact(*facts, tr("Last heartbeat"), QStringLiteral("heartbeat"));
    m_epoch = addFact(*facts, tr("Epoch"), QStringLiteral("epoch"));
    layout->addLayout(facts);
    layout->addSpacing(fontMetrics().height() / 2);
    layout->addStretch();
    layout->addWidget(makeButton(actions.copyBaseUrl(), this), 0, Qt::AlignLeft);
}

QWidget *ConnectionPanel::makeHead(const PublisherActions &actions)
{
    auto *const head = new QWidget(this);
    m_state = makeHeading({}, nullptr, head);
    m_state->setObjectName(QStringLiteral("connectionState"));
    QFont font = m_state->font();
    constexpr double titleSize = 1.5;
    font.setPointSizeF(font.pointSizeF() * titleSize);
    m_state->setFont(font);
    m_box = new QLabel(head);
    m_box->setObjectName(QStringLiteral("box"));
    m_box->setWordWrap(true);
    makeQuiet(*m_box);

    auto *const words = new QVBoxLayout;
    words->addWidget(m_state);
    words->addWidget(m_box);
    auto *const layout = new QHBoxLayout(head);
    layout->setContentsMargins({});
    layout->addLayout(words, 1);
    for (QAction *const action : {actions.pause(), actions.resume()})
        layout->addWidget(makeButton(action, head), 0, Qt::AlignTop);
    return head;
}

QWidget *ConnectionPanel::makeTrouble(const PublisherActions &actions)
{
    auto *const trouble = new QWidget(this);
    m_problem = new QLabel(trouble);
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->setWordWrap(true);
    makeSelectable(*m_problem, tr("Problem"));
    m_retry = new QLabel(trouble);
    m_retry->setObjectName(QStringLiteral("retry"));
    m_connectNow = makeButton(actions.connectNow(), trouble);

    auto *const retry = new QHBoxLayout;
    retry->addWidget(m_retry);
    retry->addWidget(m_connectNow);
    retry->addStretch();
    auto *const layout = new QVBoxLayout(trouble);
    layout->setContentsMargins({});
    layout->addWidget(m_problem);
    layout->addLayout(retry);
    return trouble;
}

QLabel *ConnectionPanel::addFact(QFormLayout &facts, const QString &title, const QString &objectName)
{
    auto *const name = new QLabel(title, this);
    makeQuiet(*name);
    auto *const value = new QLabel(this);
    value->setObjectName(objectName);
    makeSelectable(*value, title);
    facts.addRow(name, value);
    return value;
}

void ConnectionPanel::setSnapshot(const status::PublisherSnapshot &snapshot)
{
    m_state->setText(stateWords(snapshot));
    m_box->setText(boxWords(snapshot));
    m_problem->setText(snapshot.problem);
    m_problem->setVisible(!snapshot.problem.isEmpty());
    m_retry->setText(snapshot.retryIn ? tr("Next attempt in %1").arg(StatusWords::span(*snapshot.retryIn)) : QString());
    m_retry->setVisible(snapshot.retryIn.has_value());
    m_connectNow->setVisible(snapshot.retryIn.has_value());
    m_trouble->setVisible(snapshot.retryIn || !snapshot.problem.isEmpty());

    m_server->setText(serverWords(snapshot));
    const status::ConnectionSnapshot *const connection = snapshot.connection ? &*snapshot.connection : nullptr;
    m_since->setText(connection ? StatusWords::span(connection->age) : StatusWords::nothing());
    m_roundTrip->setText(connection ? roundTripWords(*connection) : StatusWords::nothing());
    m_heartbeat->setText(connection ? StatusWords::ago(connection->heartbeatAge) : StatusWords::nothing());
    m_epoch->setText(connection ? QString::number(connection->epoch) : StatusWords::nothing());
}

} // namespace hearth::window
