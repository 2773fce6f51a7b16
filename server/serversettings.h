// ServerSettings: everything about hearthd that can be set, and how the rooms get it.
//
// The table is read by the configuration of common/base; the rooms' own structs hold the defaults, so none is written
// twice. To add a setting: add a row to the table and carry its value over in readServerSettings().

#pragma once

#include "apicontext.h"
#include "channelsettings.h"
#include "configuration.h"
#include "controlserver.h"
#include "httpsettings.h"
#include "logging.h"
#include "relaysettings.h"
#include "storagesettings.h"

namespace hearth::server {

struct ServerSettings
{
    http::HttpSettings http;
    storage::StorageSettings storage;
    control::ControlSettings control;
    relay::RelaySettings relay;
    channel::ChannelSettings channel;
    api::ApiSettings api;
    LogLevel logLevel = LogLevel::Info;
    /// How long running answers may go on after SIGTERM.
    Duration drainTimeout = std::chrono::seconds(30);
};

/// All settings of hearthd: the table behind `hearthd.yaml`, the environment, `config show` and the help.
SettingTable serverSettingTable();

/// Errors: Configuration, one line for each value that is well-formed and still makes no sense.
Result<ServerSettings> readServerSettings(const SettingValues &values);

} // namespace hearth::server
