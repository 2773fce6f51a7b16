#include "commandline.h"

#include "fileoption.h"
#include "makeapp.h"

#include <CLI/CLI.hpp>

namespace hearth::server {

namespace {

using commandline::EarlyExit;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

/// CLI11 writes into these.
struct ServerCommandLine::Values
{
    std::string configFile;
    std::string keyName;
    std::vector<std::string> scopes;
    std::string owner;
    std::string models;
    std::string expires;
    std::string priority;
    std::string maxConcurrent;
    std::string requestsPerMinute;
    std::string tokensPerMinute;
    bool json = false;
    bool origin = false;
};

ServerCommandLine::ServerCommandLine(const SettingTable &table)
    : m_app(commandline::makeApp(
          {.name = "hearthd",
           .description = "Hearth's server: relays requests to the language models that publishers share.",
           .manual = "hearthd(8) and hearthd.yaml(5)"}))
    , m_values(std::make_unique<Values>())
    , m_settings(table)
{
    commandline::addFileOption(*m_app, "--config", m_values->configFile,
                               "The configuration. Default: /etc/hearth/hearthd.yaml, if it is there.");
    m_settings.addTo(*m_app);
    addKeyCommands();
    addConfigCommands();
    m_app->require_subcommand(0, 1);
}

ServerCommandLine::~ServerCommandLine() = default;

const CLI::App &ServerCommandLine::app() const
{
    return *m_app;
}

void ServerCommandLine::addKeyFields(CLI::App &command, bool isNew)
{
    const auto add = [&command](const char *name, auto &value, const char *type, const char *description) {
        command.add_option(name, value, description)->type_name(type);
    };
    add("--scope", m_values->scopes, "infer|publish|admin", "What the key may do.");
    add("--owner", m_values->owner, "OWNER",
        isNew ? "Whom the key belongs to. Default: its name." : "Whom the key belongs to.");
    add("--models", m_values->models, "GLOB,...", "Globs of the names that it may call or publish; empty for all.");
    add("--expires", m_values->expires, "TIME", "How long it is valid, such as 90d or 12h, or never.");
    add("--priority", m_values->priority, "low|normal|high",
        isNew ? "Whose requests go first where several wait. Default: normal."
              : "Whose requests go first where several wait.");
    add("--max-concurrent", m_values->maxConcurrent, "N",
        "Requests at the same time, waiting ones included; 0 for no limit.");
    add("--requests-per-minute", m_values->requestsPerMinute, "N",
        "Requests that it may begin in a minute; 0 for no limit.");
    add("--tokens-per-minute", m_values->tokensPerMinute, "N",
        "Tokens of prompts and answers together; 0 for no limit.");
    command.add_flag("--json", m_values->json, "Print JSON.");
}

void ServerCommandLine::addKeyCommands()
{
    CLI::App *const key = m_app->add_subcommand("key", "Make, list, change and revoke API keys.");
    key->require_subcommand(1);
    CLI::App *const create = key->add_subcommand("create", "Make a key and print it, this once.");
    create->add_option("--name", m_values->keyName, "How people refer to the key.")->type_name("NAME")->required();
    addKeyFields(*create, true);
    CLI::App *const list = key->add_subcommand("list", "List all keys.");
    list->add_flag("--json", m_values->json, "Print JSON.");
    CLI::App *const update = key->add_subcommand("update", "Change a key; what is not said stays.");
    update->add_option("name", m_values->keyName, "The key's name or prefix.")->type_name("NAME")->required();
    addKeyFields(*update, false);
    CLI::App *const revoke = key->add_subcommand("revoke", "Make a key invalid for good.");
    revoke->add_option("name", m_values->keyName, "The key's name or prefix.")->type_name("NAME-OR-PREFIX")->required();
    revoke->add_flag("--json", m_values->json, "Print JSON.");
    for (CLI::App *const command : {key, create, list, update, revoke})
        command->fallthrough();
}

void ServerCommandLine::addConfigCommands()
{
    CLI::App *const config = m_app->add_subcommand("config", "Check or show the configuration.");
    config->require_subcommand(1);
    CLI::App *const check = config->add_subcommand("check", "Say what is wrong with the configuration, and exit.");
    CLI::App *const show = config->add_subcommand("show", "Show every setting with its value.");
    show->add_flag("--origin", m_values->origin, "Say where each value comes from.");
    for (CLI::App *const command : {config, check, show})
        command->fallthrough();
}

Command ServerCommandLine::chosenCommand() const
{
    static const std::map<std::string, Command> keyCommands{{"create", Command::KeyCreate},
                                                            {"list", Command::KeyList},
                                                            {"update", Command::KeyUpdate},
                                                            {"revoke", Command::KeyRevoke}};
    for (const auto &[name, command] : keyCommands) {
        if (m_app->got_subcommand("key") && m_app->get_subcommand("key")->got_subcommand(name))
            return command;
    }
    if (!m_app->got_subcommand("config"))
        return Command::Serve;
    return m_app->get_subcommand("config")->got_subcommand("show") ? Command::ConfigShow : Command::ConfigCheck;
}

/// Whether an option was given to whichever of the key commands was chosen; an empty text is a value, too.
bool ServerCommandLine::isGiven(const std::string &option) const
{
    if (!m_app->got_subcommand("key"))
        return false;
    for (const CLI::App *command : m_app->get_subcommand("key")->get_subcommands()) {
        const CLI::Option *const found = command->get_option_no_throw(option);
        if (found && found->count() > 0)
            return true;
    }
    return false;
}

KeyOptions ServerCommandLine::keyOptions() const
{
    KeyOptions key;
    key.name = text(m_values->keyName);
    for (const std::string &scope : m_values->scopes)
        key.scopes.append(text(scope));
    const auto given = [this](const std::string &option, const std::string &value) {
        return isGiven(option) ? std::optional(text(value)) : std::nullopt;
    };
    key.owner = given("--owner", m_values->owner);
    key.models = given("--models", m_values->models);
    key.expires = given("--expires", m_values->expires);
    key.priority = given("--priority", m_values->priority);
    key.maxConcurrent = given("--max-concurrent", m_values->maxConcurrent);
    key.requestsPerMinute = given("--requests-per-minute", m_values->requestsPerMinute);
    key.tokensPerMinute = given("--tokens-per-minute", m_values->tokensPerMinute);
    key.json = m_values->json;
    return key;
}

std::variant<CommandLine, EarlyExit> ServerCommandLine::parse(int argc, char *argv[])
{
    if (const std::optional<EarlyExit> exit = commandline::parse(*m_app, argc, argv))
        return *exit;
    return CommandLine{.command = chosenCommand(),
                       .configFile = text(m_values->configFile),
                       .flags = m_settings.given(),
                       .key = keyOptions(),
                       .showOrigin = m_values->origin};
}

} // namespace hearth::server
