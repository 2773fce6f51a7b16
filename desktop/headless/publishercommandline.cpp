#include "publishercommandline.h"

#include "fileoption.h"
#include "makeapp.h"
#include "valuechecks.h"

namespace hearth::headless {

namespace {

using commandline::EarlyExit;

const QString serverKey = QStringLiteral("server");
const QString keyFileKey = QStringLiteral("keyFile");
const QString nameKey = QStringLiteral("name");

QStringList texts(const std::vector<std::string> &values)
{
    QStringList texts;
    for (const std::string &value : values)
        texts.append(QString::fromStdString(value));
    return texts;
}

} // namespace

/// CLI11 writes into these.
struct PublisherCommandLine::Values
{
    std::string configFile;
    bool isCheck = false;
    std::string caFile;
    std::vector<std::string> models;
    std::vector<std::string> backends;
    bool isSilent = false;
};

PublisherCommandLine::PublisherCommandLine(const SettingTable &table)
    : m_app(commandline::makeApp({.name = "hearth-publisher",
                                  .description = "Shares the language models of this box through a Hearth server.",
                                  .manual = "hearth-publisher(1) and publisher.yaml(5)"}))
    , m_values(std::make_unique<Values>())
    , m_settings(table)
{
    commandline::addFileOption(*m_app, "--config", m_values->configFile,
                               "The configuration. Default: publisher.yaml in $XDG_CONFIG_HOME/hearth or /etc/hearth.");
    CLI::Option *const check =
        m_app->add_flag("--check", m_values->isCheck, "Tell what is in order and what is not, and exit.");
    m_settings.addTo(*m_app);
    addSetup()->excludes(check);
    m_app->require_subcommand(0, 1);
}

PublisherCommandLine::~PublisherCommandLine() = default;

const CLI::App &PublisherCommandLine::app() const
{
    return *m_app;
}

CLI::App *PublisherCommandLine::addSetup()
{
    CLI::App *const setup = m_app->add_subcommand(
        "setup", "Make a configuration: find the backends of this box and choose what to publish.");
    commandline::addFileOption(*setup, "--config", m_values->configFile,
                               "Where to write the configuration. Default: publisher.yaml in /etc/hearth for root, in "
                               "$XDG_CONFIG_HOME/hearth for others.");
    m_settings.addTo(*setup, serverKey, "The Hearth server; https:// for TLS.");
    m_settings.addTo(*setup, keyFileKey, "Holds the API key with the scope publish, instead of asking for it.");
    commandline::addFileOption(
        *setup, "--ca-file", m_values->caFile,
        "PEM bundle for https, for a server with a certificate of your own. Default: the system's.");
    m_settings.addTo(*setup, nameKey, "What people call this box. Default: the name of this machine.");
    const auto addList = [setup](const char *name, std::vector<std::string> &values, const char *type,
                                 const char *description) {
        setup->add_option(name, values, description)
            ->type_name(type)
            ->check(commandline::notEmpty())
            ->allow_extra_args(false);
    };
    addList("--publish", m_values->models, "MODEL", "A model to publish, or all of them with \"all\".");
    addList("--backend", m_values->backends, "URL", "Ask the backend there, instead of searching the usual ports.");
    setup->add_flag("--yes", m_values->isSilent, "Ask nothing; what is needed and not given is an error.");
    return setup;
}

std::variant<PublishOptions, SetupOptions, EarlyExit> PublisherCommandLine::parse(int argc, char *argv[])
{
    if (const std::optional<EarlyExit> exit = commandline::parse(*m_app, argc, argv))
        return *exit;
    const QString configFile = QString::fromStdString(m_values->configFile);
    if (!m_app->got_subcommand("setup"))
        return PublishOptions{configFile, m_values->isCheck, m_settings.given()};
    return SetupOptions{.configFile = configFile,
                        .server = m_settings.value(serverKey),
                        .keyFile = m_settings.value(keyFileKey),
                        .caFile = QString::fromStdString(m_values->caFile),
                        .name = m_settings.value(nameKey),
                        .models = texts(m_values->models),
                        .backends = texts(m_values->backends),
                        .isSilent = m_values->isSilent};
}

} // namespace hearth::headless
