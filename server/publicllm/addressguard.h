// AddressGuard: where the server may connect to on behalf of a public Llm's URL.
//
// An administrator names the URL, but a name can stand for any address, and for another one tomorrow. So the guard is
// asked twice: for the URL when it is set (publicfields.h), and for each address before it is connected to
// (HttpClient). Refused are the server itself, link-local addresses and the metadata services of clouds, and what is no
// address of a host, also where an IPv6 address stands for such an IPv4 address. Loopback and private networks are
// allowed: that is where people run backends. Main thread only.

#pragma once

#include <QHostAddress>
#include <QString>

#include <optional>

struct sockaddr;

namespace hearth::publicllm {

class AddressGuard
{
public:
    /// `ownHost` is what the server listens on, a name or an address.
    explicit AddressGuard(QString ownHost);

    /// The port that the server listens on; before it is set, nothing is taken for the server itself.
    void setOwnPort(quint16 port) { m_ownPort = port; }

    /// Why there is no way to `address`, to complete "it is …", or nothing.
    std::optional<QString> objection(const QHostAddress &address, quint16 port) const;
    /// The same for a host as a URL names it: an address, without brackets, or a name that is not looked up.
    std::optional<QString> objection(const QString &host, quint16 port) const;

    /// For HttpClientSettings::allowAddress.
    bool allows(const sockaddr &address) const;

private:
    /// The same for where an address leads to in the end.
    std::optional<QString> objectionTo(const QHostAddress &destination, quint16 port) const;
    bool isOwn(const QHostAddress &address, quint16 port) const;
    bool isOwn(const QString &name, quint16 port) const;

    QString m_ownHost;
    quint16 m_ownPort = 0;
};

} // namespace hearth::publicllm
