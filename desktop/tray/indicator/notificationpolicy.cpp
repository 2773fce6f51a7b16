#include "notificationpolicy.h"

#include "statuswords.h"

#include <QSet>

namespace hearth::indicator {

using status::Attention;

namespace {

bool isWanted(Attention::Kind kind, const publisher::NotificationSettings &wanted)
{
    switch (kind) {
    case Attention::Kind::KeyRefused:
        return wanted.keyRefused;
    case Attention::Kind::NameTaken:
    case Attention::Kind::EntryRefused:
        return wanted.nameTaken;
    case Attention::Kind::WakeFailed:
        return wanted.wakeFailed;
    case Attention::Kind::BackendLost:
        return wanted.backendLost;
    case Attention::Kind::KeyringLocked:
    case Attention::Kind::KeyMissing:
    case Attention::Kind::ConfigBroken:
    case Attention::Kind::NotSaved:
    case Attention::Kind::Replaced:
        return true;
    }
    Q_UNREACHABLE();
}

QString idOf(const Attention &attention)
{
    return QStringLiteral("%1:%2").arg(int(attention.kind)).arg(attention.subject);
}

} // namespace

NotificationPolicy::NotificationPolicy(Clock &clock, NotificationPolicySettings settings)
    : m_clock(clock)
    , m_settings(settings)
{}

NotificationOrders NotificationPolicy::update(const std::vector<Attention> &attentions,
                                              const publisher::NotificationSettings &wanted)
{
    const MonotonicTime now = m_clock.now();
    NotificationOrders orders;
    QSet<QString> present;
    for (const Attention &attention : attentions) {
        if (!isWanted(attention.kind, wanted))
            continue;
        const QString id = idOf(attention);
        present.insert(id);
        const auto told = m_told.constFind(id);
        if (told != m_told.cend() && (told->isShown || now - told->when < m_settings.quiet))
            continue;
        m_told.insert(id, {now, true});
        orders.show.push_back({id, titleOf(attention), board::StatusWords::attentionText(attention)});
    }
    for (auto told = m_told.begin(); told != m_told.end();) {
        if (told->isShown && !present.contains(told.key())) {
            told->isShown = false;
            orders.withdraw.append(told.key());
        }
        const bool isForgotten = !told->isShown && now - told->when >= m_settings.quiet;
        told = isForgotten ? m_told.erase(told) : std::next(told);
    }
    return orders;
}

QString NotificationPolicy::titleOf(const Attention &attention)
{
    switch (attention.kind) {
    case Attention::Kind::KeyRefused:
        return tr("The server refuses the key");
    case Attention::Kind::KeyringLocked:
        return tr("The keyring is locked");
    case Attention::Kind::KeyMissing:
        return tr("There is no key");
    case Attention::Kind::ConfigBroken:
        return tr("The configuration cannot be used");
    case Attention::Kind::NotSaved:
        return tr("A change could not be saved");
    case Attention::Kind::Replaced:
        return tr("Another publisher has taken over");
    case Attention::Kind::NameTaken:
        return tr("The name %1 is taken").arg(attention.subject);
    case Attention::Kind::EntryRefused:
        return tr("The server does not take %1").arg(attention.subject);
    case Attention::Kind::WakeFailed:
        return tr("%1 could not be woken").arg(attention.subject);
    case Attention::Kind::BackendLost:
        return tr("The backend of %1 is gone").arg(attention.subject);
    }
    Q_UNREACHABLE();
}

} // namespace hearth::indicator
