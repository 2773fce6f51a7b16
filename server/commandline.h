// ServerCommandLine: which command of hearthd is asked for, with which options.
//
// Made once by main(), and by whoever describes hearthd's options (the manual). The values of settings are only
// collected here and merged with the other layers by the configuration.

#pragma once

#include "configuration.h"
#include "keycommands.h"
#include "parse.h"
#include "settingflags.h"

#include <memory>
#include <variant>

namespace hearth::server {

enum class Command { Serve, KeyCreate, KeyList, KeyUpdate, KeyRevoke, ConfigCheck, ConfigShow };

struct CommandLine
{
    Command command = Command::Serve;
    /// Empty where none was named.
    QString configFile;
    /// The settings that were given as flags.
    QList<FlagValue> flags;
    KeyOptions key;
    bool showOrigin = false;
};

class ServerCommandLine final
{
public:
    explicit ServerCommandLine(const SettingTable &table);
    ~ServerCommandLine();
    Q_DISABLE_COPY_MOVE(ServerCommandLine)

    const CLI::App &app() const;

    std::variant<CommandLine, commandline::EarlyExit> parse(int argc, char *argv[]);

private:
    struct Values;

    /// Where a new key has defaults, the descriptions say so.
    void addKeyFields(CLI::App &command, bool isNew);
    void addKeyCommands();
    void addConfigCommands();
    Command chosenCommand() const;
    bool isGiven(const std::string &option) const;
    KeyOptions keyOptions() const;

    std::unique_ptr<CLI::App> m_app;
    std::unique_ptr<Values> m_values;
    commandline::SettingFlags m_settings;
};

} // namespace hearth::server
