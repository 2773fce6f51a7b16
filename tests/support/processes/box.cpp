#include "box.h"

#include <QJsonDocument>
#include <QTest>

namespace hearth::testsupport {

Box::Box(Stack &stack, BoxSettings settings)
    : m_stack(stack)
    , m_settings(std::move(settings))
{}

bool Box::start(std::chrono::milliseconds limit)
{
    QStringList flags = m_settings.backendFlags;
    if (m_settings.asleep)
        flags += {QStringLiteral("--asleep"), QStringLiteral("--wake-listen"), QStringLiteral("127.0.0.1:0")};
    m_backend = m_stack.launchBackend(flags);
    if (m_settings.asleep)
        m_wakeUrl = m_backend->waitForUrl("waking on");
    m_backendUrl = m_backend->waitForUrl(m_settings.asleep ? "asleep on" : "listening on");
    if (!m_backendUrl.isValid())
        return false;
    startPublisher();
    const QString wanted = m_settings.asleep ? QStringLiteral("hibernating") : QStringLiteral("active");
    const auto isThere = [&] { return m_stack.llm(llm())[QLatin1String("status")].toString() == wanted; };
    return QTest::qWaitFor(isThere, static_cast<int>(limit.count()));
}

void Box::startPublisher()
{
    m_publisher =
        m_stack.launchPublisher(QString::fromLatin1(m_settings.llm), m_stack.key(m_settings.keyName), entry());
}

QByteArray Box::entry() const
{
    QByteArray entry = "  - name: " + m_settings.llm + "\n    model: " + Stack::modelName +
                       "\n    pool: " + m_settings.pool + "\n    url: " + m_backendUrl.toEncoded() +
                       "/v1\n    publish: true\n    maxConcurrency: " + QByteArray::number(m_settings.maxConcurrency) +
                       '\n' + m_settings.more;
    if (m_settings.asleep)
        entry += "    wake: {type: http, url: \"" + m_wakeUrl.toEncoded() + "/wake\"}\n";
    return entry;
}

std::unique_ptr<HttpCall> Box::ask(const QUrl &url, const QByteArray &target) const
{
    auto answer = std::make_unique<HttpCall>(url, toBytes({.target = target}), HttpCall::Options{});
    answer->waitForEnd();
    return answer;
}

QList<QJsonObject> Box::requests() const
{
    QList<QJsonObject> requests;
    const QJsonArray all = QJsonDocument::fromJson(ask(m_backendUrl, "/test/requests")->body()).array();
    for (const QJsonValue &request : all) {
        if (request[QLatin1String("method")] == QLatin1String("POST"))
            requests.append(request.toObject());
    }
    return requests;
}

int Box::wakes() const
{
    return ask(m_wakeUrl, "/stats")->json()[QLatin1String("wakes")].toInt();
}

} // namespace hearth::testsupport
