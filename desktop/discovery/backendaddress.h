// backendUrls(): what a person may mean who types the address of a backend.
//
// BackendFinder asks one after the other. A pure function.

#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace hearth::discovery {

/// The base URLs to try, the most likely one first: `gpu:8000` means `http://gpu:8000/v1` before all others, and
/// `https://host/api/v1/models` means `https://host/api/v1`. Empty when `typed` is no address of a web server.
QList<QUrl> backendUrls(const QString &typed);

} // namespace hearth::discovery
