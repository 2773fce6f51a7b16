#include "selfcheck.h"

#include "configreading.h"
#include "keyfile.h"
#include "modellist.h"
#include "recipeconfig.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

/// Ollama lists `llama3:latest` and takes `llama3`.
bool offers(const QStringList &ids, const QString &model)
{
    return ids.contains(model) || ids.contains(model + QStringLiteral(":latest"));
}

/// The pool that the Llm asks for; empty when it is called by its own name only.
QString poolOf(const LlmSettings &llm)
{
    const QString pool = llm.pool.value_or(llm.model);
    return pool != llm.name && isName(pool) ? pool : QString();
}

} // namespace

SelfCheck::SelfCheck(PublisherSettings settings, Dialer &dialer, httpclient::HttpClient &client, Clock &clock,
                     QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_dialer(dialer)
    , m_client(client)
    , m_clock(clock)
{
    for (const LlmSettings &llm : m_settings.llms) {
        if (llm.publish)
            m_llms.emplace_back(llm, m_settings.backend);
    }
}

void SelfCheck::start()
{
    lookAtEntries();
    askServer();
}

void SelfCheck::lookAtEntries()
{
    const bool isSomethingPublished = !m_llms.empty() || !m_settings.agents.empty();
    report(
        isSomethingPublished,
        isSomethingPublished
            ? QStringLiteral("%1 of %2 entries of llms are published.").arg(m_llms.size()).arg(m_settings.llms.size())
            : QStringLiteral("Nothing is published: no entry of llms has \"publish: true\"."));
    for (const PublishedLlm &llm : m_llms) {
        if (const QString pool = poolOf(llm.settings); !pool.isEmpty()) {
            report(true, QStringLiteral("%1: it also serves the pool %2, if the key may publish there.")
                             .arg(llm.settings.name, pool));
        }
    }
    for (const AgentSettings &agent : m_settings.agents)
        lookAtPin(agent);
}

void SelfCheck::lookAtPin(const AgentSettings &agent)
{
    const bool isForPool = !agent.pool.isEmpty();
    const bool isOwn = std::ranges::any_of(m_llms, [&agent, isForPool](const PublishedLlm &llm) {
        return isForPool ? poolOf(llm.settings) == agent.pool : llm.settings.name == agent.llm;
    });
    if (isForPool) {
        report(true, isOwn ? QStringLiteral("agent %1: its pool %2 is served from here.").arg(agent.name, agent.pool)
                           : QStringLiteral("agent %1: no entry of llms serves its pool %2, so the server has to know "
                                            "one.")
                                 .arg(agent.name, agent.pool));
    } else {
        report(true, isOwn ? QStringLiteral("agent %1: it is published with %2.").arg(agent.name, agent.llm)
                           : QStringLiteral("agent %1: its Llm %2 is no entry of llms, so the server has to know it.")
                                 .arg(agent.name, agent.llm));
    }
}

void SelfCheck::report(bool isWell, const QString &text)
{
    m_allIsWell = m_allIsWell && isWell;
    Q_EMIT found({isWell, text});
}

void SelfCheck::askServer()
{
    httpclient::TransferRequest request;
    request.url = m_settings.server.toEncoded() + "/livez";
    request.limits.connect = m_settings.backend.connectTimeout;
    m_fetch = std::make_unique<Fetch>(
        m_client, m_clock, std::move(request), m_settings.answerTimeout, [this](const Result<Fetch::Answer> &answer) {
            const QString server = m_settings.server.toString();
            if (!answer)
                report(false,
                       QStringLiteral("The server %1 cannot be reached: %2").arg(server, answer.error().message));
            else if (answer->status != 200)
                report(false, QStringLiteral("%1 answers /livez with %2; is it a Hearth server?")
                                  .arg(server)
                                  .arg(answer->status));
            else
                report(true, QStringLiteral("The server %1 is up.").arg(server));
            tryKey();
        });
}

void SelfCheck::tryKey()
{
    const Result<QByteArray> key = readPublisherKey(m_settings.keyFile);
    if (!key) {
        report(false, key.error().message);
        return askBackend();
    }
    m_handshake = std::make_unique<Handshake>(m_dialer, m_clock, m_settings.answerTimeout);
    m_handshake->start(controlChannelUrl(m_settings.server), *key,
                       [this](const Result<Handshake::Greeting> &result) { greeted(result); });
}

void SelfCheck::greeted(const Result<Handshake::Greeting> &result)
{
    if (result) {
        result->channel->close(channel::CloseCode::Normal, QStringLiteral("This was a check."));
        report(true, QStringLiteral("The server accepts the key and takes control channels (version %1).")
                         .arg(result->hello.serverVersion));
    } else {
        report(false, result.error().message);
    }
    m_handshake.reset();
    askBackend();
}

void SelfCheck::next()
{
    ++m_index;
    askBackend();
}

void SelfCheck::askBackend()
{
    if (m_index >= m_llms.size()) {
        Q_EMIT finished(m_allIsWell);
        return;
    }
    checkPrograms();
    m_fetch = std::make_unique<Fetch>(m_client, m_clock, current().target.get(current().settings.probePath),
                                      m_settings.backend.probeTimeout,
                                      [this](const Result<Fetch::Answer> &answer) { backendAnswered(answer); });
}

void SelfCheck::backendAnswered(const Result<Fetch::Answer> &answer)
{
    const LlmSettings &llm = current().settings;
    const QString url = QString::fromUtf8(llm.url + llm.probePath);
    if (answer && answer->status >= 200 && answer->status < 300) {
        report(true, QStringLiteral("%1: its backend is up (%2).").arg(llm.name, url));
        return askModels();
    }
    const QString what = answer ? QStringLiteral("answers %1 with status %2").arg(url).arg(answer->status)
                                : QStringLiteral("does not answer %1: %2").arg(url, answer.error().message);
    if (llm.wake)
        report(true, QStringLiteral("%1: its backend sleeps and has a wake recipe (%2)").arg(llm.name, what));
    else
        report(false, QStringLiteral("%1: its backend %2").arg(llm.name, what));
    next();
}

void SelfCheck::askModels()
{
    m_fetch =
        std::make_unique<Fetch>(m_client, m_clock, current().target.get("/models"), m_settings.backend.probeTimeout,
                                [this](const Result<Fetch::Answer> &answer) { modelsAnswered(answer); });
}

void SelfCheck::modelsAnswered(const Result<Fetch::Answer> &answer)
{
    const LlmSettings &llm = current().settings;
    const std::optional<ModelList> list = answer ? readModelList(answer->body) : std::nullopt;
    if (!list) {
        report(true, QStringLiteral("%1: its backend has no list of models, so \"%2\" is taken on trust.")
                         .arg(llm.name, llm.model));
    } else if (offers(list->ids, llm.model)) {
        report(true, QStringLiteral("%1: its backend offers \"%2\".").arg(llm.name, llm.model));
    } else {
        report(false, QStringLiteral("%1: its backend does not offer \"%2\", but %3; set model to one of these.")
                          .arg(llm.name, llm.model,
                               list->ids.isEmpty() ? QStringLiteral("nothing") : list->ids.join(QStringLiteral(", "))));
    }
    next();
}

void SelfCheck::checkPrograms()
{
    for (const RecipeCheck &check : checkRecipes(current().settings))
        report(check.canRun, check.text);
}

} // namespace hearth::publisher
