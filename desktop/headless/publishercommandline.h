// PublisherCommandLine: what hearth-publisher is asked to do.
//
// Made once by main(), and by whoever describes its options (the manual). The values of settings are only collected
// here and merged with the other layers by the configuration.

#pragma once

#include "configuration.h"
#include "parse.h"
#include "settingflags.h"

#include <QStringList>

#include <memory>
#include <variant>

namespace hearth::headless {

/// To publish what the configuration says.
struct PublishOptions
{
    /// Empty where none was named.
    QString configFile = {};
    /// Only to tell what is in order and what is not.
    bool isCheck = false;
    /// The settings that were given as flags.
    QList<FlagValue> flags = {};
};

/// To make a configuration: `hearth-publisher setup`. All is as it was typed, and empty where it was not given.
struct SetupOptions
{
    /// Where to write.
    QString configFile = {};
    QString server = {};
    /// Holds the API key.
    QString keyFile = {};
    /// Of the certificate authority, for https.
    QString caFile = {};
    /// Of the box.
    QString name = {};
    /// Names of models; `all` stands for every one that is found.
    QStringList models = {};
    /// URLs to ask in place of the usual ports.
    QStringList backends = {};
    /// To ask nothing.
    bool isSilent = false;
};

class PublisherCommandLine final
{
public:
    explicit PublisherCommandLine(const SettingTable &table);
    ~PublisherCommandLine();
    Q_DISABLE_COPY_MOVE(PublisherCommandLine)

    const CLI::App &app() const;

    std::variant<PublishOptions, SetupOptions, commandline::EarlyExit> parse(int argc, char *argv[]);

private:
    struct Values;

    CLI::App *addSetup();

    std::unique_ptr<CLI::App> m_app;
    std::unique_ptr<Values> m_values;
    commandline::SettingFlags m_settings;
};

} // namespace hearth::headless
