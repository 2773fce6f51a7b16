// ChatRouteTest: what the tests of the route to chat share: an api with the agent `coder`, the publisher of its Llm,
// and what backends answer. For the thread of the test.

#pragma once

#include "apiharness.h"
#include "domainrows.h"

#include <QJsonArray>
#include <QTest>

namespace hearth::testsupport {

inline const QByteArray chatRoute = "/api/v1/agents/coder/chat";

/// The end of a stream.
inline const QByteArray streamEnd = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                                    "data: {\"choices\":[],\"usage\":{\"total_tokens\":5}}\n\ndata: [DONE]\n\n";

/// An event that says `text`.
inline QByteArray said(const QByteArray &text)
{
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
}

/// The events of an answer to a streaming client: name and data.
inline QList<std::pair<QByteArray, QJsonObject>> events(const QByteArray &stream)
{
    QList<std::pair<QByteArray, QJsonObject>> events;
    const QList<QByteArray> lines = stream.split('\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
        if (lines[i].startsWith("event: "))
            events.append({lines[i].mid(7), QJsonDocument::fromJson(lines[i + 1].mid(6)).object()});
    }
    return events;
}

class ChatRouteTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:

    void init() { make(); }

    void cleanup()
    {
        m_publisher.reset();
        m_api.reset();
    }

protected:
    void make(const ApiHarnessSettings &settings = {})
    {
        cleanup();
        m_api = std::make_unique<ApiHarness>(settings);
        channel::LlmEntry m = entry(QStringLiteral("m"));
        m.maxConcurrency = 1;
        m_publisher = m_api->server.publish({m});
        m_api->server.add(publicAgent(QStringLiteral("coder"), llm(), m_api->clock.wallNow()));
    }

    domain::Llm llm() const { return m_api->server.llm(QStringLiteral("m")); }

    std::unique_ptr<ApiCall> post(const QByteArray &body) { return m_api->post(chatRoute, body); }

    /// Answers the next task with a whole stream.
    void answer(const QByteArray &stream) { finish(m_api->beginAnswer(*m_publisher, "text/event-stream", stream), {}); }

    /// The rest of an answer that has begun.
    void finish(TaskId task, const QByteArray &stream)
    {
        m_publisher->sendBody(task, stream);
        m_publisher->send(channel::ResponseEnd{task});
    }

    QJsonArray messagesOf(const QByteArray &thread) const
    {
        const auto call = m_api->get("/api/v1/threads/" + thread + "/messages");
        return call->waitForEnd() ? call->json()[QLatin1String("data")].toArray() : QJsonArray();
    }

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

} // namespace hearth::testsupport
