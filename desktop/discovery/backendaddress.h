// What a person may mean who types the address of a backend or of a server.
//
// BackendFinder asks the URLs of a backend one after the other; the wizard and `hearth-publisher setup` ask for the
// server. Pure functions.

#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace hearth::discovery {

/// The base URLs to try, the most likely one first: `gpu:8000` means `http://gpu:8000/v1` before all others, and
/// `https://host/api/v1/models` means `https://host/api/v1`. Empty when `typed` is no address of a web server. Who has
/// a key to show, and typed neither http:// nor a host of this network, means https: others could read it on its way.
QList<QUrl> backendUrls(const QString &typed, bool hasKey);

/// The one URL of a server: `hearth.example.org` is https, `localhost:4327` is http, and a slash at the end is none.
/// Not valid for what can be no address.
QUrl serverFromText(const QString &typed);

/// Whether what is sent to this host stays within the house: this machine, addresses of private networks (RFC 1918,
/// 3927, 4193, 4291), names without a domain, and those of domains that no public server has (RFC 6762, 8375).
bool isOnThisNetwork(const QString &host);

/// Whether scheme, host and port are the same, a default port written out or not (RFC 6454, section 4).
bool isSameOrigin(const QUrl &one, const QUrl &other);

} // namespace hearth::discovery
