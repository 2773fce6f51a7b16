#include "waketest.h"

namespace hearth::testsupport {

StackSettings wakeSettings(WakeType type, const QStringList &backendFlags)
{
    return {.publisher = {{QStringLiteral("wakePollSeconds"), QStringLiteral("0.1")},
                          {QStringLiteral("watchIntervalSeconds"), QStringLiteral("0.2")},
                          {QStringLiteral("recipeKillGraceSeconds"), QStringLiteral("0.3")},
                          {QStringLiteral("shutdown.drainSeconds"), QStringLiteral("0.3")},
                          {QStringLiteral("reconnect.maxSeconds"), QStringLiteral("0.2")},
                          {QStringLiteral("reconnect.minSeconds"), QStringLiteral("0.05")}},
            .backendFlags = backendFlags,
            .recipes = {.wake = type}};
}

StackSettings notedWakeSettings()
{
    return wakeSettings(WakeType::Script);
}

bool WakeTest::startAsleep(const StackSettings &settings)
{
    makeStack(settings);
    return QTest::qVerify(m_stack->start("hibernating"), "stack.start()", "The Llm does not become hibernating.",
                          __FILE__, __LINE__);
}

void WakeTest::addWakeTypes()
{
    QTest::addColumn<WakeType>("type");
    QTest::newRow("http") << WakeType::Http;
    QTest::newRow("command in the background") << WakeType::Background;
    QTest::newRow("command in the foreground") << WakeType::Foreground;
}

std::unique_ptr<HttpCall> WakeTest::stream(const QJsonObject &members) const
{
    return m_stack->call(m_stack->chat(members));
}

std::unique_ptr<HttpCall> WakeTest::whole(const QJsonObject &members) const
{
    return m_stack->call(m_stack->modelRequest("/v1/chat/completions", members));
}

std::vector<std::unique_ptr<HttpCall>> WakeTest::mixedCalls(int count) const
{
    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < count; ++i) {
        HttpRequest request = i % 2 == 0 ? m_stack->chat() : m_stack->modelRequest("/v1/chat/completions", {});
        request.target += "?number=" + QByteArray::number(i);
        calls.push_back(m_stack->call(request));
    }
    return calls;
}

QJsonObject WakeTest::wakeRun() const
{
    return m_stack->llm()[QLatin1String("wake")][QLatin1String("run")].toObject();
}

bool WakeTest::isServed() const
{
    const auto call = whole();
    return call->waitForEnd() && isWellAnswered(*call);
}

bool isWellAnswered(const HttpCall &call)
{
    const bool isStream = call.field("content-type").startsWith("text/event-stream");
    const bool isWhole = isStream ? call.saysDone() : call.json().contains(QLatin1String("choices"));
    return call.isComplete() && call.status() == 200 && isWhole;
}

} // namespace hearth::testsupport
