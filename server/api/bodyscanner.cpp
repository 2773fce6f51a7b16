#include "bodyscanner.h"

#include <QPointer>
#include <QThreadPool>

namespace hearth::api {

namespace {

Result<json::ObjectScan> scanFor(const QByteArray &body, const std::vector<QByteArray> &keys, json::KeyCase keyCase)
{
    const std::vector<QByteArrayView> views(keys.begin(), keys.end());
    return json::scanObject(body, views, keyCase);
}

} // namespace

BodyScanner::BodyScanner(QThreadPool &pool, qsizetype inlineLimit)
    : m_pool(pool)
    , m_inlineLimit(inlineLimit)
{}

BodyScanner::~BodyScanner() = default;

void BodyScanner::scan(QByteArray body, std::span<const QByteArrayView> keys, Done done)
{
    if (body.size() > m_inlineLimit) {
        std::vector<QByteArray> copies;
        for (const QByteArrayView key : keys)
            copies.push_back(key.toByteArray());
        return scan(std::move(body), std::move(copies), std::move(done));
    }
    const Result<json::ObjectScan> found = json::scanObject(body, keys);
    done(std::move(body), found);
}

void BodyScanner::scan(QByteArray body, std::vector<QByteArray> keys, Done done, json::KeyCase keyCase)
{
    if (body.size() <= m_inlineLimit) {
        const Result<json::ObjectScan> found = scanFor(body, keys, keyCase);
        return done(std::move(body), found);
    }
    m_context = std::make_unique<QObject>();
    m_pool.start([body = std::move(body), keys = std::move(keys), done = std::move(done), keyCase,
                  context = QPointer<QObject>(m_context.get()), home = &m_pool] {
        const Result<json::ObjectScan> found = scanFor(body, keys, keyCase);
        // Posted to an object that outlives every handler; only there, on the main thread, is it known who is still
        // alive.
        QMetaObject::invokeMethod(
            home,
            [body, found, done, context] {
                if (context)
                    done(body, found);
            },
            Qt::QueuedConnection);
    });
}

} // namespace hearth::api
