#include "rowchecks.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

namespace hearth::domain {

namespace {

constexpr qsizetype maxModelLength = 512;
constexpr qsizetype maxDescriptionLength = 4096;
constexpr qsizetype maxProjectLength = 512;
constexpr qsizetype maxSystemPromptLength = 128 * 1024;
/// Of JSON, written without blanks.
constexpr qsizetype maxObjectBytes = 16 * 1024;
constexpr int maxLlmConcurrency = 10'000;
constexpr std::chrono::seconds maxWait = std::chrono::hours(24);

/// What a request says for itself; an agent cannot say it in advance.
constexpr std::array reservedParams{QLatin1String("model"), QLatin1String("messages"), QLatin1String("stream")};

QString nameDefect(const QString &name)
{
    if (isValidName(name))
        return {};
    return QStringLiteral("\"%1\" is not a valid name: use 1 to 128 letters, digits and ._:/@-, and begin with a "
                          "letter or digit.")
        .arg(name.left(128));
}

QString textDefect(const char *field, const QString &text, qsizetype maxLength)
{
    if (text.size() <= maxLength && isStorable(text))
        return {};
    return QStringLiteral("%1 must be at most %2 characters long, without U+0000.")
        .arg(QLatin1String(field))
        .arg(maxLength);
}

QString objectDefect(const char *field, const QJsonObject &object)
{
    if (QJsonDocument(object).toJson(QJsonDocument::Compact).size() <= maxObjectBytes)
        return {};
    return QStringLiteral("%1 must be at most %2 KiB of JSON.").arg(QLatin1String(field)).arg(maxObjectBytes / 1024);
}

QString paramsDefect(const QJsonObject &params)
{
    if (const QString reserved = reservedParam(params); !reserved.isEmpty())
        return QStringLiteral("defaultParams cannot set \"%1\": each request says that for itself.").arg(reserved);
    return objectDefect("defaultParams", params);
}

QString wakeDefect(const Llm &llm)
{
    if (llm.status == LlmStatus::Hibernating && !llm.wake)
        return QStringLiteral("Only an Llm with a wake recipe can be hibernating.");
    const auto badWait = [](std::chrono::seconds wait) { return wait < std::chrono::seconds(1) || wait > maxWait; };
    if (llm.wake && (badWait(llm.wake->recipeTimeout) || badWait(llm.wake->maxWait)))
        return QStringLiteral("The limits of a wake recipe must be between 1 and %1 seconds.").arg(maxWait.count());
    return {};
}

/// The first of `defects` that is one.
QString firstOf(std::initializer_list<QString> defects)
{
    const auto found =
        std::find_if(defects.begin(), defects.end(), [](const QString &text) { return !text.isEmpty(); });
    return found == defects.end() ? QString() : *found;
}

} // namespace

bool isAlphanumeric(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

bool isValidName(QStringView name)
{
    static constexpr QStringView punctuation = u"._:/@-";
    return !name.isEmpty() && name.size() <= 128 && isAlphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [](QChar c) { return isAlphanumeric(c) || punctuation.contains(c); });
}

bool isStorable(const QString &text)
{
    return text.isValidUtf16() && !text.contains(QChar(u'\0'));
}

QString reservedParam(const QJsonObject &params)
{
    for (auto param = params.begin(); param != params.end(); ++param) {
        const QString folded = param.key().toCaseFolded();
        if (std::any_of(reservedParams.begin(), reservedParams.end(),
                        [&folded](QLatin1String reserved) { return folded == reserved; }))
            return param.key();
    }
    return {};
}

QString defect(const Llm &llm)
{
    if (QString defect = nameDefect(llm.name); !defect.isEmpty())
        return defect;
    if (llm.type != QLatin1String("openai") && llm.type != QLatin1String("anthropic"))
        return QStringLiteral("type must be \"openai\" or \"anthropic\".");
    if (llm.tier != QLatin1String("fast") && llm.tier != QLatin1String("heavy"))
        return QStringLiteral("tier must be \"fast\" or \"heavy\".");
    if (llm.model.isEmpty() || llm.model.size() > maxModelLength || !isStorable(llm.model))
        return QStringLiteral("model must be 1 to %1 characters long, without U+0000.").arg(maxModelLength);
    if (llm.maxConcurrency < 1 || llm.maxConcurrency > maxLlmConcurrency)
        return QStringLiteral("maxConcurrency must be between 1 and %1.").arg(maxLlmConcurrency);
    return firstOf({textDefect("description", llm.description, maxDescriptionLength),
                    objectDefect("extraConfig", llm.extraConfig), wakeDefect(llm)});
}

QString defect(const Agent &agent)
{
    return firstOf({nameDefect(agent.name), textDefect("description", agent.description, maxDescriptionLength),
                    textDefect("systemPrompt", agent.systemPrompt, maxSystemPromptLength),
                    textDefect("project", agent.project, maxProjectLength), paramsDefect(agent.defaultParams),
                    objectDefect("extras", agent.extras)});
}

} // namespace hearth::domain
