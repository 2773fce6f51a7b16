// ServerSettings: everything about hearthd that can be set, and how the rooms get it.
//
// The table is read by the configuration of common/base; the rooms' own structs hold the defaults, so none is written
// twice. To add a setting: add a row to the table (settingtable.cpp) and carry its value over in readServerSettings().

#pragma once

#include "apicontext.h"
#include "channelsettings.h"
#include "chatsettings.h"
#include "configuration.h"
#include "controlserver.h"
#include "httpsettings.h"
#include "logging.h"
#include "metricssettings.h"
#include "publicllmsettings.h"
#include "relaysettings.h"
#include "storagesettings.h"
#include "usagesettings.h"

namespace hearth::server {

struct ServerSettings
{
    http::HttpSettings http;
    storage::StorageSettings storage;
    control::ControlSettings control;
    relay::RelaySettings relay;
    publicllm::PublicLlmSettings publicLlm;
    chat::ChatSettings chat;
    channel::ChannelSettings channel;
    api::ApiSettings api;
    metrics::MetricsSettings metrics;
    usage::UsageSettings usage;
    /// Empty: where secretFilePath() says.
    QString secretFile;
    LogLevel logLevel = LogLevel::Info;
    /// How long running answers may go on after SIGTERM.
    Duration drainTimeout = std::chrono::seconds(30);
};

/// Where the server keeps what it makes itself: a service gets its directory from systemd, a person one of their own.
QString dataDirectory();

/// Where the secret lies that seals API keys: where it was set to, or else beside the SQLite file, or in the data
/// directory.
QString secretFilePath(const ServerSettings &settings);

/// All settings of hearthd: the table behind `hearthd.yaml`, the environment, `config show` and the help.
SettingTable serverSettingTable();

/// Errors: Configuration, one line for each value that is well-formed and still makes no sense.
Result<ServerSettings> readServerSettings(const SettingValues &values);

} // namespace hearth::server
