#include "commandline.h"

#include <CLI/CLI.hpp>

#include <map>

namespace hearth::server {

namespace {

constexpr int usageExitCode = 2;

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

/// CLI11 writes into these; they must stay where they are until parse() has returned.
struct Values
{
    std::string configFile;
    std::map<QString, std::string> settings;
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

/// An empty value is what comes of a variable of the shell that is not set; it must not pass for "not given".
CLI::Validator notEmpty()
{
    return {[](const std::string &value) { return std::string(value.empty() ? "must not be empty" : ""); }, ""};
}

void addSettings(CLI::App &app, const SettingTable &table, Values &values)
{
    for (const Setting &setting : table) {
        if (setting.flag.isEmpty())
            continue;
        app.add_option(setting.flag.toStdString(), values.settings[setting.key], setting.help.toStdString())
            ->type_name(setting.placeholder.toStdString())
            ->check(notEmpty());
    }
}

void addKeyFields(CLI::App &command, Values &values)
{
    command.add_option("--scope", values.scopes, "What the key may do; may be repeated.")
        ->type_name("infer|publish|admin");
    command.add_option("--owner", values.owner, "Whom the key belongs to. Default: its name.")->type_name("OWNER");
    command.add_option("--models", values.models, "Globs of the names that it may call or publish; empty for all.")
        ->type_name("GLOB,...");
    command.add_option("--expires", values.expires, "How long it is valid, such as 90d or 12h, or never.")
        ->type_name("TIME");
    command.add_option("--priority", values.priority, "Whose requests go first where several wait. Default: normal.")
        ->type_name("low|normal|high");
    command
        .add_option("--max-concurrent", values.maxConcurrent,
                    "Requests at the same time, waiting ones included; 0 for no limit.")
        ->type_name("N");
    command
        .add_option("--requests-per-minute", values.requestsPerMinute,
                    "Requests that it may begin in a minute; 0 for no limit.")
        ->type_name("N");
    command
        .add_option("--tokens-per-minute", values.tokensPerMinute,
                    "Tokens of prompts and answers together; 0 for no limit.")
        ->type_name("N");
    command.add_flag("--json", values.json, "Print JSON.");
}

void addKeyCommands(CLI::App &app, Values &values)
{
    CLI::App *const key = app.add_subcommand("key", "Make, list, change and revoke API keys.");
    key->require_subcommand(1);
    CLI::App *const create = key->add_subcommand("create", "Make a key and print it, this once.");
    create->add_option("--name", values.keyName, "How people refer to the key.")->type_name("NAME")->required();
    addKeyFields(*create, values);
    CLI::App *const list = key->add_subcommand("list", "List all keys.");
    list->add_flag("--json", values.json, "Print JSON.");
    CLI::App *const update = key->add_subcommand("update", "Change a key; what is not said stays.");
    update->add_option("name", values.keyName, "The key's name or prefix.")->type_name("NAME")->required();
    addKeyFields(*update, values);
    CLI::App *const revoke = key->add_subcommand("revoke", "Make a key invalid for good.");
    revoke->add_option("name", values.keyName, "The key's name or prefix.")->type_name("NAME-OR-PREFIX")->required();
    revoke->add_flag("--json", values.json, "Print JSON.");
    for (CLI::App *const command : {key, create, list, update, revoke})
        command->fallthrough();
}

void addConfigCommands(CLI::App &app, Values &values)
{
    CLI::App *const config = app.add_subcommand("config", "Check or show the configuration.");
    config->require_subcommand(1);
    CLI::App *const check = config->add_subcommand("check", "Say what is wrong with the configuration, and exit.");
    CLI::App *const show = config->add_subcommand("show", "Show every setting with its value.");
    show->add_flag("--origin", values.origin, "Say where each value comes from.");
    for (CLI::App *const command : {config, check, show})
        command->fallthrough();
}

Command chosenCommand(const CLI::App &app)
{
    static const std::map<std::string, Command> keyCommands{{"create", Command::KeyCreate},
                                                            {"list", Command::KeyList},
                                                            {"update", Command::KeyUpdate},
                                                            {"revoke", Command::KeyRevoke}};
    for (const auto &[name, command] : keyCommands) {
        if (app.got_subcommand("key") && app.get_subcommand("key")->got_subcommand(name))
            return command;
    }
    if (!app.got_subcommand("config"))
        return Command::Serve;
    return app.get_subcommand("config")->got_subcommand("show") ? Command::ConfigShow : Command::ConfigCheck;
}

/// Whether an option was given to whichever of the key commands was chosen; an empty text is a value, too.
bool isGiven(const CLI::App &app, const std::string &option)
{
    if (!app.got_subcommand("key"))
        return false;
    for (const CLI::App *command : app.get_subcommand("key")->get_subcommands()) {
        const CLI::Option *const found = command->get_option_no_throw(option);
        if (found && found->count() > 0)
            return true;
    }
    return false;
}

KeyOptions keyOptions(const CLI::App &app, const Values &values)
{
    KeyOptions key;
    key.name = text(values.keyName);
    for (const std::string &scope : values.scopes)
        key.scopes.append(text(scope));
    const auto given = [&app](const std::string &option, const std::string &value) {
        return isGiven(app, option) ? std::optional(text(value)) : std::nullopt;
    };
    key.owner = given("--owner", values.owner);
    key.models = given("--models", values.models);
    key.expires = given("--expires", values.expires);
    key.priority = given("--priority", values.priority);
    key.maxConcurrent = given("--max-concurrent", values.maxConcurrent);
    key.requestsPerMinute = given("--requests-per-minute", values.requestsPerMinute);
    key.tokensPerMinute = given("--tokens-per-minute", values.tokensPerMinute);
    key.json = values.json;
    return key;
}

} // namespace

std::variant<CommandLine, EarlyExit> parseCommandLine(int argc, char *argv[], const SettingTable &table)
{
    CLI::App app{"Hearth's server: relays requests to the language models that publishers share.", "hearthd"};
    app.set_version_flag("--version", "hearthd " HEARTH_VERSION);
    Values values;
    app.add_option("--config", values.configFile,
                   "The configuration. Default: /etc/hearth/hearthd.yaml, if it is there.")
        ->type_name("FILE")
        ->check(notEmpty());
    addSettings(app, table, values);
    addKeyCommands(app, values);
    addConfigCommands(app, values);
    app.require_subcommand(0, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return EarlyExit{app.exit(error) == 0 ? 0 : usageExitCode};
    }

    CommandLine commandLine;
    commandLine.command = chosenCommand(app);
    commandLine.configFile = text(values.configFile);
    for (const auto &[key, value] : values.settings) {
        if (!value.empty())
            commandLine.flags.append({key, text(value)});
    }
    commandLine.key = keyOptions(app, values);
    commandLine.showOrigin = values.origin;
    return commandLine;
}

} // namespace hearth::server
