#include "agentconfig.h"

#include "configreading.h"

#include <QJsonDocument>
#include <QSet>

#include <algorithm>
#include <array>

namespace hearth::publisher {

namespace {

constexpr qsizetype maxProjectLength = 512;
constexpr qsizetype maxSystemPromptLength = 128 * 1024;
/// As JSON.
constexpr qsizetype maxObjectBytes = 16 * 1024;

/// What a request says for itself; an agent cannot say it in advance.
constexpr std::array reservedParams{QLatin1String("model"), QLatin1String("messages"), QLatin1String("stream")};

void checkObject(const Reading &in, QByteArrayView key, const QJsonObject &object)
{
    if (QJsonDocument(object).toJson(QJsonDocument::Compact).size() > maxObjectBytes)
        in.complain(key, QStringLiteral("must not be longer than %1 bytes of JSON").arg(maxObjectBytes));
}

/// An Llm that is no entry of this file is the server's to judge: it may be public, or published by another box. So is
/// a pool.
void checkPin(const Reading &in, const AgentSettings &agent, const std::vector<LlmSettings> &llms)
{
    if (agent.llm.isEmpty() == agent.pool.isEmpty())
        return in.complain("llm", QStringLiteral("either this or pool must be set"));
    if (agent.llm.isEmpty())
        return checkName(in, "pool", agent.pool);
    const QString &name = agent.llm;
    checkName(in, "llm", name);
    const auto own = std::ranges::find(llms, name, &LlmSettings::name);
    if (own != llms.end() && !own->publish) {
        in.complain("llm", QStringLiteral("\"%1\" is not published; set \"publish: true\" in its entry, or pin the "
                                          "agent to another one")
                               .arg(name));
    }
}

AgentSettings readAgent(const Reading &in, const std::vector<LlmSettings> &llms)
{
    AgentSettings agent;
    agent.name = in.values.text("name");
    agent.llm = in.values.text("llm");
    agent.pool = in.values.text("pool");
    agent.description = in.values.text("description");
    agent.systemPrompt = in.values.text("systemPrompt");
    agent.defaultParams = in.values.object("defaultParams");
    agent.extras = in.values.object("extras");
    agent.project = in.values.text("project");
    checkName(in, "name", agent.name);
    checkPin(in, agent, llms);
    checkLength(in, "description", agent.description, maxDescriptionLength);
    checkLength(in, "systemPrompt", agent.systemPrompt, maxSystemPromptLength);
    checkLength(in, "project", agent.project, maxProjectLength);
    checkObject(in, "defaultParams", agent.defaultParams);
    checkObject(in, "extras", agent.extras);
    for (const QLatin1String reserved : reservedParams) {
        if (agent.defaultParams.contains(reserved)) {
            in.complain("defaultParams",
                        QStringLiteral("must not set \"%1\": each request says that for itself").arg(reserved));
        }
    }
    return agent;
}

} // namespace

SettingTable agentTable()
{
    return SettingTable({
        Setting::text("name", {}, "The name that clients call.").asRequired(),
        Setting::text("llm", {}, "The model it is pinned to: one of llms, another one of yours, or a public one."),
        Setting::text("pool", {}, "In place of llm: the pool whose models serve it, one of which is yours or public."),
        Setting::text("description", {}, "Shown to people who choose an agent."),
        Setting::text("systemPrompt", {}, "Stands before the messages of every request."),
        Setting::object("defaultParams", "Parameters for requests that leave them out."),
        Setting::object("extras", "Passed on to the server as it is."),
        Setting::text("project", {}, "What the agent belongs to, for people."),
    });
}

std::vector<AgentSettings> readAgents(const SettingValues &values, const std::vector<LlmSettings> &llms,
                                      QList<ConfigProblem> &problems)
{
    std::vector<AgentSettings> agents;
    QSet<QString> names;
    for (const LlmSettings &llm : llms)
        names.insert(llm.name);
    for (const SettingValues &entry : values.entries("agents")) {
        const Reading in{entry, problems};
        AgentSettings agent = readAgent(in, llms);
        if (names.contains(agent.name))
            in.complain("name", QStringLiteral("\"%1\" is the name of another entry").arg(agent.name));
        names.insert(agent.name);
        agents.push_back(std::move(agent));
    }
    return agents;
}

} // namespace hearth::publisher
