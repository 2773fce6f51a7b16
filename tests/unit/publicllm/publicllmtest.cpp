#include "publicllmtest.h"

#include "logging.h"
#include "publicfields.h"

#include <QTest>

namespace hearth::testsupport {

namespace {

QStringList &keptLog()
{
    static QStringList log;
    return log;
}

void keep(QtMsgType, const QMessageLogContext &, const QString &message)
{
    keptLog().append(message);
}

} // namespace

void PublicLlmTest::init()
{
    keptLog().clear();
    qInstallMessageHandler(keep);
    QLoggingCategory::setFilterRules(QStringLiteral("hearth.*=true"));
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<domain::Registry>(*m_clock);
    m_folder = std::make_unique<QTemporaryDir>();
    m_secrets = std::make_unique<publicllm::SecretBox>();
    QVERIFY(m_secrets->load(m_folder->filePath(QStringLiteral("secret.key"))));
    m_addresses = std::make_unique<publicllm::AddressGuard>(QStringLiteral("127.0.0.1"));
    m_server = std::make_unique<ScriptedServer>();
    m_llm = publicLlm(QStringLiteral("m"), m_clock->wallNow());
    m_llm.model = QStringLiteral("backend/model");
    m_llm.url = QString::fromLatin1(m_server->url("/v1"));
    m_llm.sealedApiKey = *publicllm::sealedApiKey(QLatin1String(apiKey), *m_secrets);
    m_registry->put(m_llm);
    makePublicLlms({});
}

void PublicLlmTest::cleanup()
{
    m_publicLlms.reset();
    m_server.reset();
    m_recorders.clear();
    m_registry.reset();
    qInstallMessageHandler(nullptr);
}

void PublicLlmTest::makePublicLlms(publicllm::PublicLlmSettings settings)
{
    m_publicLlms = std::make_unique<publicllm::PublicLlms>(std::move(settings), *m_secrets, *m_addresses, *m_clock);
}

TaskId PublicLlmTest::start(AnswerRecorder &recorder, relay::InferRequest request)
{
    return m_publicLlms->start(m_llm, request, 1, m_slots.take(), recorder);
}

TaskId PublicLlmTest::start(AnswerRecorder &recorder, const QByteArray &body)
{
    return start(recorder, makeRequest(m_llm.name, body));
}

Peer &PublicLlmTest::peerWithRequest(qsizetype bodySize, qsizetype index)
{
    if (!QTest::qWaitFor([&] { return m_server->hasRequest(index, bodySize); }))
        qFatal("The backend has got no request.");
    return m_server->peer(index);
}

bool PublicLlmTest::isKeyIn(const AnswerRecorder &recorder) const
{
    QByteArray all = recorder.body + keptLog().join(u'\n').toUtf8();
    if (recorder.error)
        all += recorder.error->message.toUtf8() + recorder.error->param.toUtf8();
    for (const HttpField &field : recorder.fields)
        all += field.name + field.value;
    return all.contains(apiKey);
}

} // namespace hearth::testsupport
