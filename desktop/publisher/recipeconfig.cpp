#include "recipeconfig.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace hearth::publisher {

namespace {

using namespace std::chrono_literals;

/// The settings that both sections have, below `section`.
std::vector<Setting> actionSettings(QLatin1String section, const char *typeHelp)
{
    const HttpRecipe http;
    std::vector<Setting> settings{
        Setting::choice("type", {}, {QStringLiteral("http"), QStringLiteral("command")}, typeHelp).asRequired(),
        Setting::path("command", {}, "The program, as an absolute path. No shell is involved."),
        Setting::textList("args", {}, "Its arguments."),
        Setting::text("url", {}, "Where the request goes.").asSecret(),
        Setting::choice("method", QString::fromUtf8(http.method),
                        {QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"), QStringLiteral("PATCH"),
                         QStringLiteral("DELETE")},
                        "The method of the request."),
        Setting::textMap("headers", "The header fields of the request.").asSecret(),
        Setting::text("body", {}, "The body of the request.").asSecret(),
    };
    for (Setting &setting : settings)
        setting.key.prepend(section + u'.');
    return settings;
}

/// One section while it is being read.
struct Section
{
    const Reading &in;
    QByteArray name;

    QByteArray key(const char *setting) const { return name + '.' + setting; }

    QString text(const char *setting) const { return in.values.text(key(setting)); }

    Duration duration(const char *setting) const { return in.values.duration(key(setting)); }

    bool isSet(const char *setting) const { return in.values.isSet(key(setting)); }

    bool isCommand() const { return text("type") == QLatin1String("command"); }

    void complain(const char *setting, const QString &what) const { in.complain(key(setting), what); }
};

HttpRecipe readHttpRecipe(const Section &section)
{
    HttpRecipe recipe;
    recipe.method = section.text("method").toLatin1();
    recipe.url = readUrl(section.in, section.key("url"), Query::Allowed).toEncoded();
    recipe.body = section.text("body").toUtf8();
    for (const auto &[name, value] : section.in.values.textMap(section.key("headers"))) {
        const QByteArray lowerName = name.toUtf8().toLower();
        if (!isToken(lowerName) || !isFieldValue(value.toUtf8()))
            section.complain("headers", QStringLiteral("\"%1\" is not a header field").arg(name));
        else if (lowerName == "host" || lowerName == "content-length" || lowerName == "expect" ||
                 lowerName == "transfer-encoding")
            section.complain("headers", QStringLiteral("\"%1\" is set by the publisher itself").arg(name));
        else
            recipe.fields.append(name.toUtf8(), value.toUtf8());
    }
    return recipe;
}

CommandRecipe readCommandRecipe(const Section &section)
{
    CommandRecipe recipe{section.text("command"), section.in.values.list(section.key("args"))};
    if (!QDir::isAbsolutePath(recipe.program))
        section.complain("command", QStringLiteral("must be the absolute path of a program"));
    return recipe;
}

RecipeAction readAction(const Section &section)
{
    // That it is missing has been said already, and without it the others cannot be judged.
    if (!section.isSet("type"))
        return {};
    static constexpr auto ofRequests = {"url", "method", "headers", "body"};
    static constexpr auto ofCommands = {"command", "args"};
    const auto refuse = [&section](std::initializer_list<const char *> foreign) {
        for (const char *setting : foreign) {
            if (section.isSet(setting)) {
                section.complain(setting,
                                 QStringLiteral("does not belong to a recipe of type %1").arg(section.text("type")));
            }
        }
    };
    refuse(section.isCommand() ? ofRequests : ofCommands);
    if (section.isCommand())
        return readCommandRecipe(section);
    return readHttpRecipe(section);
}

void checkProgram(std::vector<RecipeCheck> &checks, const QString &llm, const RecipeAction &action, const char *kind)
{
    const auto *command = std::get_if<CommandRecipe>(&action);
    if (!command)
        return;
    const QFileInfo program(command->program);
    const bool canRun = program.isFile() && program.isExecutable();
    checks.push_back(
        {canRun, QStringLiteral("%1: its %2 recipe %3 %4.")
                     .arg(llm, QLatin1String(kind), command->program,
                          canRun ? QStringLiteral("can be run") : QStringLiteral("is not an executable file"))});
}

} // namespace

std::vector<Setting> recipeSettings()
{
    const WakeRecipe wake;
    const SleepRecipe sleep;
    std::vector<Setting> settings =
        actionSettings(QLatin1String("wake"), "Whether a request or a program starts the backend.");
    settings.push_back(Setting::seconds("wake.recipeTimeoutSeconds", wake.recipeTimeout, 10ms, 24h,
                                        "How long the recipe itself may take. Default for a command: maxWaitSeconds."));
    settings.push_back(Setting::seconds("wake.maxWaitSeconds", wake.maxWait, 10ms, 24h,
                                        "How long the backend may take to answer once the recipe has ended well."));
    std::ranges::move(actionSettings(QLatin1String("sleep"),
                                     "Whether a request or a program stops the backend; needs a wake recipe."),
                      std::back_inserter(settings));
    settings.push_back(Setting::seconds("sleep.recipeTimeoutSeconds", sleep.recipeTimeout, 10ms, 24h,
                                        "How long the recipe itself may take."));
    settings.push_back(Setting::minutes("sleep.idleMinutes", sleep.idle, 60ms, std::chrono::days(30),
                                        "How long the backend must have been without a request."));
    return settings;
}

std::optional<WakeRecipe> readWakeRecipe(const Reading &in)
{
    if (!in.values.hasSection("wake"))
        return std::nullopt;
    const Section section{in, "wake"};
    WakeRecipe recipe;
    recipe.maxWait = section.duration("maxWaitSeconds");
    recipe.recipeTimeout = section.isCommand() && !section.isSet("recipeTimeoutSeconds")
                               ? recipe.maxWait
                               : section.duration("recipeTimeoutSeconds");
    recipe.action = readAction(section);
    return recipe;
}

std::optional<SleepRecipe> readSleepRecipe(const Reading &in)
{
    if (!in.values.hasSection("sleep"))
        return std::nullopt;
    const Section section{in, "sleep"};
    if (!in.values.hasSection("wake"))
        section.complain("type",
                         QStringLiteral("needs a wake recipe beside it, or nothing could wake the model again"));
    SleepRecipe recipe;
    recipe.recipeTimeout = section.duration("recipeTimeoutSeconds");
    recipe.idle = section.duration("idleMinutes");
    recipe.action = readAction(section);
    return recipe;
}

std::vector<RecipeCheck> checkRecipes(const LlmSettings &llm)
{
    std::vector<RecipeCheck> checks;
    if (llm.wake)
        checkProgram(checks, llm.name, llm.wake->action, "wake");
    if (llm.sleep)
        checkProgram(checks, llm.name, llm.sleep->action, "sleep");
    return checks;
}

} // namespace hearth::publisher
