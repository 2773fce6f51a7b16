// The command line of hearthd: which command it asks for, with which options.
//
// Parsed by CLI11; the values of settings are only collected here and merged with the other layers by the
// configuration.

#pragma once

#include "configuration.h"
#include "keycommands.h"

#include <QList>
#include <QString>

#include <variant>

namespace hearth::server {

enum class Command { Serve, KeyCreate, KeyList, KeyUpdate, KeyRevoke, ConfigCheck, ConfigShow };

struct CommandLine
{
    Command command = Command::Serve;
    QString configFile;
    /// The settings that were given as flags.
    QList<FlagValue> flags;
    KeyOptions key;
    bool showOrigin = false;
};

/// There is nothing left to do: help or the version was printed, or the command line was wrong.
struct EarlyExit
{
    int code = 0;
};

std::variant<CommandLine, EarlyExit> parseCommandLine(int argc, char *argv[], const SettingTable &table);

} // namespace hearth::server
