// BodyScanner: finds members of a request body, small ones at once, large ones off the main thread.
//
// A handler owns one for its request. Main thread; only the scan of a large body runs elsewhere.

#pragma once

#include "objectscan.h"

#include <functional>
#include <memory>
#include <span>

class QObject;
class QThreadPool;

namespace hearth::api {

/// The members that Hearth reads or edits, and which may therefore occur only once; in the order of ObjectScan::values.
namespace BodyMember {
enum : size_t { Model, Stream, Messages, StreamOptions, User };
}

inline constexpr std::array<QByteArrayView, 5> watchedKeys{"model", "stream", "messages", "stream_options", "user"};

inline QByteArrayView part(const QByteArray &body, json::Span span)
{
    return QByteArrayView(body).sliced(span.offset, span.length);
}

class BodyScanner
{
public:
    /// The body, and where the members are. Errors: those of json::scanObject().
    using Done = std::function<void(QByteArray body, const Result<json::ObjectScan> &scan)>;

    /// Bodies of more than `inlineLimit` bytes are scanned in `pool`, which must outlive the scanner and live on the
    /// main thread.
    BodyScanner(QThreadPool &pool, qsizetype inlineLimit);
    /// A scan that comes back later finds nobody.
    ~BodyScanner();

    /// Calls `done` once, for a small body from inside this function. `done` may scan again, and destroy the scanner.
    void scan(QByteArray body, std::span<const QByteArrayView> keys, Done done);
    void scan(QByteArray body, std::vector<QByteArray> keys, Done done, json::KeyCase keyCase = json::KeyCase::Exact);

    void forget() { m_context.reset(); }

private:
    QThreadPool &m_pool;
    qsizetype m_inlineLimit;
    /// Made for large bodies only.
    std::unique_ptr<QObject> m_context;
};

} // namespace hearth::api
