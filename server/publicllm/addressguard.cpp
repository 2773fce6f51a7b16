#include "addressguard.h"

#include "logging.h"

#include <QNetworkInterface>
#include <QSysInfo>
#include <QtEndian>

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <span>

namespace hearth::publicllm {

namespace {

struct Subnet
{
    const char *network;
    int prefix;
};

bool isInAny(const QHostAddress &address, std::span<const Subnet> subnets)
{
    return std::ranges::any_of(subnets, [&address](const Subnet &subnet) {
        return address.isInSubnet(QHostAddress(QLatin1String(subnet.network)), subnet.prefix);
    });
}

constexpr std::array linkLocal{Subnet{"169.254.0.0", 16}, Subnet{"fe80::", 10}};

/// Those of EC2, Google, Alibaba, Oracle and Azure that are not link-local.
constexpr std::array metadata{Subnet{"fd00:ec2::254", 128}, Subnet{"fd20:ce::254", 128}, Subnet{"100.100.100.200", 32},
                              Subnet{"192.0.0.192", 32}, Subnet{"168.63.129.16", 32}};

constexpr std::array metadataNames{QLatin1String("metadata"), QLatin1String("metadata.google.internal"),
                                   QLatin1String("metadata.goog")};

constexpr std::array noHosts{Subnet{"0.0.0.0", 8}, Subnet{"224.0.0.0", 3}, Subnet{"::", 128}, Subnet{"ff00::", 8}};

/// The four bytes of an IPv6 address that are an IPv4 address.
using Places = std::array<int, 4>;

QHostAddress embedded(const Q_IPV6ADDR &bytes, const Places &places)
{
    quint32 address = 0;
    for (const int place : places)
        address = address << 8 | bytes[place];
    return QHostAddress(address);
}

/// The IPv4 addresses behind one of a network's own translator (RFC 8215). The network chooses which of the places of
/// RFC 6052 section 2.2 it uses; those that it does not use mostly have zeros, which lead nowhere.
QList<QHostAddress> behindLocalTranslator(const Q_IPV6ADDR &bytes)
{
    static constexpr std::array<Places, 4> possible{Places{6, 7, 9, 10}, Places{7, 9, 10, 11}, Places{9, 10, 11, 12},
                                                    Places{12, 13, 14, 15}};
    QList<QHostAddress> found;
    for (const Places &places : possible) {
        if (bytes[places.front()] != 0)
            found.append(embedded(bytes, places));
    }
    return found.isEmpty() ? QList{QHostAddress(QHostAddress::AnyIPv4)} : found;
}

/// Where an address leads to: to itself, and to the IPv4 addresses that it stands for, where it does (RFC 4291 section
/// 2.5.5, RFC 6052 section 2.1, RFC 3056 section 2, RFC 8215).
QList<QHostAddress> destinations(const QHostAddress &address)
{
    static constexpr std::array atTheEnd{Subnet{"::ffff:0:0", 96}, Subnet{"::", 96}, Subnet{"64:ff9b::", 96}};
    static constexpr std::array sixToFour{Subnet{"2002::", 16}};
    static constexpr std::array localTranslator{Subnet{"64:ff9b:1::", 48}};
    static const std::array plain{QHostAddress(QHostAddress::AnyIPv6), QHostAddress(QHostAddress::LocalHostIPv6)};
    if (address.protocol() != QAbstractSocket::IPv6Protocol || std::ranges::find(plain, address) != plain.end())
        return {address};
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    if (isInAny(address, atTheEnd))
        return {address, embedded(bytes, {12, 13, 14, 15})};
    if (isInAny(address, sixToFour))
        return {address, embedded(bytes, {2, 3, 4, 5})};
    if (isInAny(address, localTranslator))
        return QList{address} + behindLocalTranslator(bytes);
    return {address};
}

/// Without the dot that may end a full name.
QString plainName(const QString &host)
{
    const QString name = host.toLower();
    return name.endsWith(u'.') ? name.chopped(1) : name;
}

} // namespace

AddressGuard::AddressGuard(QString ownHost)
    : m_ownHost(plainName(ownHost))
{}

std::optional<QString> AddressGuard::objection(const QHostAddress &address, quint16 port) const
{
    for (const QHostAddress &destination : destinations(address)) {
        if (std::optional<QString> reason = objectionTo(destination, port))
            return reason;
    }
    return std::nullopt;
}

std::optional<QString> AddressGuard::objectionTo(const QHostAddress &destination, quint16 port) const
{
    if (isInAny(destination, noHosts))
        return QStringLiteral("not the address of a host");
    if (isInAny(destination, linkLocal))
        return QStringLiteral("a link-local address");
    if (isInAny(destination, metadata))
        return QStringLiteral("a metadata service");
    if (isOwn(destination, port))
        return QStringLiteral("this server itself");
    return std::nullopt;
}

std::optional<QString> AddressGuard::objection(const QString &host, quint16 port) const
{
    if (const QHostAddress address(host); !address.isNull())
        return objection(address, port);
    const QString name = plainName(host);
    if (std::ranges::find(metadataNames, name) != metadataNames.end())
        return QStringLiteral("a metadata service");
    if (isOwn(name, port))
        return QStringLiteral("this server itself");
    return std::nullopt;
}

bool AddressGuard::allows(const sockaddr &address) const
{
    // Both families have the port at the same place.
    const auto port = qFromBigEndian(reinterpret_cast<const sockaddr_in &>(address).sin_port);
    const std::optional<QString> reason = objection(QHostAddress(&address), port);
    if (reason)
        qCWarning(lcRelay).noquote() << "a public Llm's url leads to an address that is" << *reason << "- refused";
    return !reason;
}

bool AddressGuard::isOwn(const QHostAddress &address, quint16 port) const
{
    return m_ownPort != 0 && port == m_ownPort &&
           (address.isLoopback() || address == QHostAddress(m_ownHost) ||
            QNetworkInterface::allAddresses().contains(address));
}

bool AddressGuard::isOwn(const QString &name, quint16 port) const
{
    return m_ownPort != 0 && port == m_ownPort &&
           (name == QLatin1String("localhost") || name.endsWith(QLatin1String(".localhost")) || name == m_ownHost ||
            name == plainName(QSysInfo::machineHostName()));
}

} // namespace hearth::publicllm
