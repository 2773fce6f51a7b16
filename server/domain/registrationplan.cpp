#include "registrationplan.h"

#include <QSet>

#include <algorithm>
#include <tuple>

namespace hearth::domain {

namespace {

using channel::EntryOutcome;
using channel::EntryStatus;
using channel::LlmEntry;

constexpr qsizetype maxEntries = 1000;
constexpr qsizetype maxModelLength = 512;
constexpr qsizetype maxDescriptionLength = 4096;
constexpr int maxLlmConcurrency = 10'000;
constexpr int maxWaitSeconds = 24 * 60 * 60;

bool isAlphanumeric(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

bool isValidSessionId(const QString &id)
{
    return id.size() <= 64 && std::all_of(id.begin(), id.end(), [](QChar c) { return isAlphanumeric(c) || c == u'-'; });
}

/// No database stores U+0000 or half of a surrogate pair.
bool isStorable(const QString &text)
{
    return text.isValidUtf16() && !text.contains(QChar(u'\0'));
}

/// At most `length` units of `text`, and no half of a surrogate pair at the end.
QString shortened(const QString &text, qsizetype length)
{
    QString start = text.left(length);
    if (!start.isEmpty() && start.back().isHighSurrogate())
        start.chop(1);
    return start;
}

/// Why an entry cannot be accepted whatever the state of the server; empty when nothing is wrong with it.
QString defect(const LlmEntry &entry)
{
    if (!isValidName(entry.name)) {
        return QStringLiteral(
                   "\"%1\" is not a valid name: use 1 to 128 letters, digits and ._:/@-, and begin with a letter "
                   "or digit.")
            .arg(entry.name.left(128));
    }
    if (entry.type && *entry.type != QLatin1String("openai") && *entry.type != QLatin1String("anthropic"))
        return QStringLiteral("type must be \"openai\" or \"anthropic\".");
    if (entry.tier && *entry.tier != QLatin1String("fast") && *entry.tier != QLatin1String("heavy"))
        return QStringLiteral("tier must be \"fast\" or \"heavy\".");
    if (entry.model && (entry.model->isEmpty() || entry.model->size() > maxModelLength || !isStorable(*entry.model)))
        return QStringLiteral("model must be 1 to %1 characters long, without U+0000.").arg(maxModelLength);
    if (entry.description && (entry.description->size() > maxDescriptionLength || !isStorable(*entry.description)))
        return QStringLiteral("description must be at most %1 characters long, without U+0000.")
            .arg(maxDescriptionLength);
    if (entry.maxConcurrency && (*entry.maxConcurrency < 1 || *entry.maxConcurrency > maxLlmConcurrency))
        return QStringLiteral("maxConcurrency must be between 1 and %1.").arg(maxLlmConcurrency);
    if (entry.initialStatus == channel::ReportedState::Hibernating && !entry.wake)
        return QStringLiteral("Only an Llm with a wake recipe can be hibernating.");
    const auto badWait = [](int seconds) { return seconds < 1 || seconds > maxWaitSeconds; };
    if (entry.wake && (badWait(entry.wake->recipeTimeoutSeconds) || badWait(entry.wake->maxWaitSeconds)))
        return QStringLiteral("The limits of a wake recipe must be between 1 and %1 seconds.").arg(maxWaitSeconds);
    return {};
}

std::optional<WakeInfo> wakeInfo(const std::optional<channel::RecipeInfo> &recipe)
{
    if (!recipe)
        return std::nullopt;
    return WakeInfo{recipe->kind == channel::RecipeKind::Http ? WakeKind::Http : WakeKind::Command,
                    std::chrono::seconds(recipe->recipeTimeoutSeconds), std::chrono::seconds(recipe->maxWaitSeconds)};
}

/// What counts as an edit of a row; the rest is its identity and its lifecycle.
auto content(const Llm &llm)
{
    return std::tie(llm.owner, llm.providerSessionId, llm.type, llm.model, llm.tier, llm.description, llm.extraConfig,
                    llm.maxConcurrency, llm.wake);
}

/// Plans the entries of one message, one after the other.
class Planner
{
public:
    Planner(const Registry &registry, const Principal &principal, const RegistrationContext &context,
            RegistrationPlan &plan)
        : m_registry(registry)
        , m_principal(principal)
        , m_context(context)
        , m_plan(plan)
    {}

    void add(const LlmEntry &entry)
    {
        const Llm *const existing = m_registry.findLlm(entry.name);
        QString problem = defect(entry);
        EntryStatus status = EntryStatus::Invalid;
        if (problem.isEmpty() && !m_principal.mayUse(entry.name))
            problem = QStringLiteral("This API key may not publish the name \"%1\".").arg(entry.name);
        if (problem.isEmpty() && m_names.contains(entry.name))
            problem = QStringLiteral("The name \"%1\" is listed twice; list it once.").arg(entry.name);
        if (problem.isEmpty()) {
            problem = conflict(entry.name, existing);
            status = EntryStatus::Conflict;
        }
        if (!problem.isEmpty()) {
            m_plan.outcomes.append({entry.name, status, problem});
            return;
        }
        m_names.insert(entry.name);
        m_plan.outcomes.append({entry.name, EntryStatus::Accepted, {}});
        if (existing)
            update(*existing, entry);
        else
            insert(entry);
    }

    /// What the session published before and no longer lists becomes inactive at once.
    void withdrawTheRest()
    {
        for (const Registry::LiveLlm *live : m_registry.llmsOf(m_plan.session.id)) {
            if (m_names.contains(live->row.name))
                continue;
            Llm llm = live->row;
            if (deactivate(llm, StatusReason::Offline, m_context.now))
                m_plan.touched.append(llm);
        }
    }

private:
    /// Why the name cannot be had now; empty when it can.
    QString conflict(const QString &name, const Llm *existing) const
    {
        if (m_registry.findAgent(name))
            return QStringLiteral("The name \"%1\" is taken by an agent; choose another one.").arg(name);
        if (!existing || existing->providerSessionId == m_plan.session.id)
            return {};
        if (existing->kind == LlmKind::Public)
            return QStringLiteral("Cannot publish over public Llm: %1. Choose another name.").arg(name);
        if (existing->owner != m_principal.owner() && !m_context.adoptAcrossOwners)
            return QStringLiteral("The name \"%1\" belongs to another owner; choose another one.").arg(name);
        // A bound session that merely rests (paused, draining, backend down) still claims what it lists.
        const bool claimed =
            existing->status != LlmStatus::Inactive ||
            (existing->statusReason != StatusReason::Offline && m_context.isBound(existing->providerSessionId));
        if (claimed) {
            return QStringLiteral(
                       "\"%1\" is already active under a different session. Stop the other publisher, or choose "
                       "another name.")
                .arg(name);
        }
        return {};
    }

    void insert(const LlmEntry &entry)
    {
        Llm llm;
        llm.id = LlmId::create();
        llm.name = entry.name;
        llm.model = entry.name;
        llm.createdAt = m_context.now;
        m_plan.written.append(filled(llm, entry));
    }

    void update(const Llm &existing, const LlmEntry &entry)
    {
        Llm llm = filled(existing, entry);
        if (content(existing) == content(llm)) {
            llm.updatedAt = existing.updatedAt;
            m_plan.touched.append(llm);
        } else {
            m_plan.written.append(llm);
        }
    }

    Llm filled(Llm llm, const LlmEntry &entry) const
    {
        llm.kind = LlmKind::Virtual;
        llm.owner = m_principal.owner();
        llm.providerSessionId = m_plan.session.id;
        llm.type = entry.type.value_or(llm.type);
        llm.model = entry.model.value_or(llm.model);
        llm.tier = entry.tier.value_or(llm.tier);
        llm.description = entry.description.value_or(llm.description);
        llm.extraConfig = entry.extraConfig.value_or(llm.extraConfig);
        llm.maxConcurrency = entry.maxConcurrency.value_or(llm.maxConcurrency);
        llm.wake = wakeInfo(entry.wake);
        llm.updatedAt = m_context.now;
        applyReport(llm, entry.initialStatus, m_context.now);
        return llm;
    }

    const Registry &m_registry;
    const Principal &m_principal;
    const RegistrationContext &m_context;
    RegistrationPlan &m_plan;
    QSet<QString> m_names;
};

/// The session that the message speaks for, as it will be once it is bound.
Result<RegistrationPlan> planSession(const Registry &registry, const channel::Register &message,
                                     const Principal &principal, const RegistrationContext &context)
{
    if (!isValidSessionId(message.providerSessionId.toString())) {
        return Error{ErrorCode::InvalidRequest,
                     QStringLiteral("The provider session id is malformed; delete the publisher's state file.")};
    }
    if (!isStorable(message.publisher) || !isStorable(message.version)) {
        return Error{ErrorCode::InvalidRequest,
                     QStringLiteral("The publisher's name or version has a character that cannot be stored.")};
    }
    if (message.llms.size() > maxEntries) {
        return Error{ErrorCode::InvalidRequest,
                     QStringLiteral("A publisher can list %1 Llms at most; spread them over several.").arg(maxEntries)};
    }
    RegistrationPlan plan;
    if (const ProviderSession *known = registry.findSession(message.providerSessionId)) {
        if (known->owner != principal.owner()) {
            return Error{ErrorCode::Conflict,
                         QStringLiteral("This provider session belongs to another owner. Use a key of "
                                        "that owner, or delete the publisher's state file.")};
        }
        plan.session = *known;
    } else {
        plan.session.id = message.providerSessionId.isEmpty() ? ProviderSessionId::create() : message.providerSessionId;
        plan.session.owner = principal.owner();
        plan.session.createdAt = context.now;
    }
    plan.session.publisher = shortened(message.publisher, 200);
    plan.session.publisherVersion = shortened(message.version, 100);
    plan.session.lastHeartbeatAt = context.now;
    if (context.firstOfSocket)
        ++plan.session.epoch;
    return plan;
}

} // namespace

bool isValidName(QStringView name)
{
    static constexpr QStringView punctuation = u"._:/@-";
    return !name.isEmpty() && name.size() <= 128 && isAlphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [](QChar c) { return isAlphanumeric(c) || punctuation.contains(c); });
}

Result<RegistrationPlan> planRegistration(const Registry &registry, const channel::Register &message,
                                          const Principal &principal, const RegistrationContext &context)
{
    Result<RegistrationPlan> plan = planSession(registry, message, principal, context);
    if (!plan)
        return plan;
    Planner planner(registry, principal, context, *plan);
    for (const LlmEntry &entry : message.llms)
        planner.add(entry);
    planner.withdrawTheRest();
    return plan;
}

} // namespace hearth::domain
