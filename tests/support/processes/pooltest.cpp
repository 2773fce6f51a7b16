#include "pooltest.h"

#include <QJsonDocument>

#include <algorithm>

namespace hearth::testsupport {

bool PoolTest::startBoxes(const QList<BoxSettings> &boxes, const QMap<QString, QString> &serverSettings)
{
    makeStack({.server = serverSettings,
               .publisher = {{QStringLiteral("reconnect.minSeconds"), QStringLiteral("0.05")},
                             {QStringLiteral("reconnect.maxSeconds"), QStringLiteral("0.2")},
                             {QStringLiteral("wakePollSeconds"), QStringLiteral("0.1")},
                             {QStringLiteral("watchIntervalSeconds"), QStringLiteral("0.2")}}});
    bool isUp = m_stack->makeKeys() && m_stack->startServer();
    for (const BoxSettings &settings : boxes) {
        m_boxes.push_back(std::make_unique<Box>(*m_stack, settings));
        isUp = isUp && m_boxes.back()->start();
    }
    return QTest::qVerify(isUp, "startBoxes()", "The programs do not come up.", __FILE__, __LINE__);
}

void PoolTest::cleanup()
{
    m_boxes.clear();
    StackTest::cleanup();
}

Box &PoolTest::boxOf(const QByteArray &llm)
{
    const auto found = std::find_if(m_boxes.begin(), m_boxes.end(), [&](const auto &box) { return box->llm() == llm; });
    if (found == m_boxes.end())
        qFatal("There is no box '%s'.", llm.constData());
    return **found;
}

HttpRequest PoolTest::ask(const QJsonObject &members, const QByteArray &keyName) const
{
    QJsonObject body{{QStringLiteral("model"), QString::fromLatin1(poolName)}};
    for (auto it = members.begin(); it != members.end(); ++it)
        body[it.key()] = it.value();
    HttpRequest request = m_stack->modelRequest("/v1/chat/completions", body);
    request.fields = {{"Authorization", "Bearer " + m_stack->key(keyName)}, {"Content-Type", "application/json"}};
    return request;
}

HttpRequest PoolTest::askStreamed(QJsonObject members, const QByteArray &keyName) const
{
    members[QLatin1String("stream")] = true;
    return ask(members, keyName);
}

std::unique_ptr<HttpCall> PoolTest::administer(const QByteArray &method, const QByteArray &target,
                                               const QJsonObject &body) const
{
    auto call = m_stack->call(
        {.method = method,
         .target = target,
         .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}, {"Content-Type", "application/json"}},
         .body = QJsonDocument(body).toJson(QJsonDocument::Compact)});
    call->waitForEnd();
    return call;
}

QList<QJsonObject> PoolTest::begun() const
{
    QList<QJsonObject> all;
    for (const auto &box : m_boxes)
        all += box->requests();
    // The programs run on one machine, so their monotonic clocks are one.
    std::stable_sort(all.begin(), all.end(), [](const QJsonObject &a, const QJsonObject &b) {
        return a[QLatin1String("startedAt")].toDouble() < b[QLatin1String("startedAt")].toDouble();
    });
    return all;
}

QJsonObject PoolTest::route(const QByteArray &model) const
{
    return m_stack->get("/api/v1/route?model=" + model, "admin")->json();
}

int PoolTest::waiting(const QByteArray &model) const
{
    return route(model)[QLatin1String("waiting")].toInt(-1);
}

double PoolTest::metric(const QByteArray &sample) const
{
    const QByteArray start = sample + ' ';
    for (const QByteArray &line : m_stack->get("/metrics", "admin")->body().split('\n')) {
        if (line.startsWith(start))
            return line.sliced(start.size()).toDouble();
    }
    return 0;
}

qint64 PoolTest::usage(const char *column, const QByteArray &keyName) const
{
    qint64 sum = 0;
    const QJsonArray rows = QJsonDocument::fromJson(m_stack->get("/api/v1/usage", "admin")->body()).array();
    for (const QJsonValue &row : rows) {
        if (row[QLatin1String("key")] == QString::fromLatin1(keyName))
            sum += row[QLatin1String(column)].toInteger();
    }
    return sum;
}

QList<BoxSettings> equalBoxes(int count, const BoxSettings &settings)
{
    QList<BoxSettings> boxes(count, settings);
    for (int i = 0; i < count; ++i)
        boxes[i].llm = "box-" + QByteArray::number(i + 1);
    return boxes;
}

QJsonObject prompt(const QByteArray &words)
{
    return {
        {QStringLiteral("messages"), QJsonArray{QJsonObject{{QStringLiteral("role"), QStringLiteral("user")},
                                                            {QStringLiteral("content"), QString::fromUtf8(words)}}}}};
}

QByteArray saidIn(const HttpCall &answer)
{
    if (answer.events().isEmpty()) {
        const QJsonValue choice = answer.json()[QLatin1String("choices")][0];
        return choice[QLatin1String("message")][QLatin1String("content")].toString().toUtf8();
    }
    QByteArray said;
    for (const StreamEvent &event : answer.events()) {
        const QJsonValue choice = event.json()[QLatin1String("choices")][0];
        said += choice[QLatin1String("delta")][QLatin1String("content")].toString().toUtf8();
    }
    return said;
}

} // namespace hearth::testsupport
