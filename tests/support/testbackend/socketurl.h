// socketUrl(): how the servers of this room write where they listen.

#pragma once

#include <QHostAddress>

namespace hearth::testbackend {

/// For example `http://127.0.0.1:8000`, or `http://[::1]:8000`.
inline QByteArray socketUrl(const QHostAddress &address, quint16 port)
{
    const QByteArray host = address.toString().toUtf8();
    const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    return "http://" + (v6 ? QByteArray('[' + host + ']') : host) + ':' + QByteArray::number(port);
}

} // namespace hearth::testbackend
