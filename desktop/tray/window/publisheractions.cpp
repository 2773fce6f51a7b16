#include "publisheractions.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>

namespace hearth::window {

PublisherActions::PublisherActions(status::PublisherControl &control, QObject *parent)
    : QObject(parent)
{
    // Not among the initialisers: behind a lambda there, lupdate does not know the class that a text belongs to.
    m_pause =
        add("pause", tr("P&ause"), tr("Take nothing new; what runs is finished"), [&control] { control.pause(); });
    m_drain = add("drain", tr("&Drain"), tr("Finish what runs, then pause"), [&control] { control.drain(); });
    m_resume = add("resume", tr("&Resume"), tr("Take requests again"), [&control] { control.resume(); });
    m_connectNow = add("connectNow", tr("&Try now"), tr("Connect without waiting for the next attempt"),
                       [&control] { control.connectNow(); });
    m_copyBaseUrl = add("copyBaseUrl", tr("Copy &base URL"), tr("Copy the address that clients use"),
                        [this] { QGuiApplication::clipboard()->setText(m_baseUrl); });
    m_pause->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_P);
    m_drain->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_D);
    m_resume->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_R);
    m_copyBaseUrl->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_U);
}

QAction *PublisherActions::add(const char *objectName, const QString &text, const QString &toolTip,
                               std::function<void()> act)
{
    auto *const action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(objectName));
    action->setToolTip(toolTip);
    connect(action, &QAction::triggered, this, std::move(act));
    return action;
}

void PublisherActions::setSnapshot(const status::PublisherSnapshot &snapshot)
{
    const bool isHere = snapshot.situation == status::Situation::Here;
    const bool isResting = snapshot.intake != publisher::Intake::Open;
    m_pause->setEnabled(isHere && snapshot.intake != publisher::Intake::Paused);
    m_drain->setEnabled(isHere && !isResting);
    m_resume->setEnabled(isHere && isResting);
    m_connectNow->setEnabled(isHere && snapshot.retryIn);
    m_baseUrl = snapshot.baseUrl();
    m_copyBaseUrl->setEnabled(!m_baseUrl.isEmpty());
}

} // namespace hearth::window
