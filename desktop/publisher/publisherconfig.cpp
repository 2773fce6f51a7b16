#include "publisherconfig.h"

#include "agentconfig.h"
#include "configreading.h"
#include "configuration.h"
#include "forwarding.h"
#include "keyfile.h"
#include "logging.h"
#include "recipeconfig.h"
#include "registerentries.h"
#include "statefile.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSet>

namespace hearth::publisher {

namespace {

constexpr qsizetype maxModelLength = 512;
constexpr qsizetype maxPublisherNameLength = 128;
/// As JSON.
constexpr qsizetype maxExtraConfigBytes = 16 * 1024;

QByteArray readBackendKey(const Reading &in)
{
    const QString path = in.values.text("apiKeyFile");
    if (path.isEmpty())
        return {};
    const Result<QByteArray> key = readKeyFile(path);
    if (!key) {
        in.complain("apiKeyFile", key.error().message);
        return {};
    }
    return *key;
}

void checkTexts(const Reading &in, const LlmSettings &llm)
{
    checkName(in, "name", llm.name);
    if (llm.pool && !llm.pool->isEmpty())
        checkName(in, "pool", *llm.pool);
    checkLength(in, "model", llm.model, maxModelLength);
    checkLength(in, "description", llm.description, maxDescriptionLength);
    if (QJsonDocument(llm.extraConfig).toJson(QJsonDocument::Compact).size() > maxExtraConfigBytes)
        in.complain("extraConfig", QStringLiteral("must not be longer than %1 bytes of JSON").arg(maxExtraConfigBytes));
    if (!llm.probePath.startsWith('/') || !isQuery(llm.probePath))
        in.complain("probe.path", QStringLiteral("must begin with a slash and be part of a URL"));
}

LlmSettings readLlm(const Reading &in)
{
    LlmSettings llm;
    llm.name = in.values.text("name");
    llm.type =
        in.values.text("type") == toString(BackendType::Anthropic) ? BackendType::Anthropic : BackendType::OpenAi;
    llm.model = in.values.text("model").isEmpty() ? llm.name : in.values.text("model");
    if (in.values.isSet("pool"))
        llm.pool = in.values.text("pool");
    llm.streamUsage = in.values.boolean("streamUsage");
    llm.url = readUrl(in, "url", Query::Forbidden).toEncoded();
    llm.apiKey = readBackendKey(in);
    llm.tier = in.values.text("tier");
    llm.description = in.values.text("description");
    llm.extraConfig = in.values.object("extraConfig");
    llm.maxConcurrency = in.values.integer<int>("maxConcurrency");
    llm.publish = in.values.boolean("publish");
    llm.probePath = in.values.text("probe.path").toUtf8();
    llm.wake = readWakeRecipe(in);
    llm.sleep = readSleepRecipe(in);
    checkTexts(in, llm);
    return llm;
}

std::vector<LlmSettings> readLlms(const SettingValues &values, QList<ConfigProblem> &problems)
{
    std::vector<LlmSettings> llms;
    QSet<QString> names;
    for (const SettingValues &entry : values.entries("llms")) {
        const Reading in{entry, problems};
        LlmSettings llm = readLlm(in);
        if (names.contains(llm.name))
            in.complain("name", QStringLiteral("\"%1\" is the name of another entry").arg(llm.name));
        names.insert(llm.name);
        llms.push_back(std::move(llm));
    }
    const std::vector<SettingValues> &entries = values.entries("llms");
    for (size_t i = 0; i < llms.size(); ++i) {
        if (llms[i].pool && names.contains(*llms[i].pool)) {
            Reading{entries[i], problems}.complain(
                "pool",
                QStringLiteral("\"%1\" is the name of an entry, which callers would get instead").arg(*llms[i].pool));
        }
    }
    return llms;
}

/// A later layer knows better than an earlier one: `--key-file` lets hearth-publisher run from a file that is made for
/// the tray.
bool isKeyFileMeant(const SettingValues &values)
{
    return values.text("keyStore") == toString(KeyStore::File) ||
           (!values.text("keyFile").isEmpty() && values.origin("keyFile").layer > values.origin("keyStore").layer);
}

void readKeyStore(const Reading &in, PublisherSettings &settings)
{
    settings.keyFile = in.values.text("keyFile");
    if (!isKeyFileMeant(in.values)) {
        settings.keyStore = KeyStore::Keyring;
        if (!settings.keyFile.isEmpty())
            in.complain("keyFile", QStringLiteral("must not be set beside \"keyStore: keyring\"; remove one of them"));
    } else if (settings.keyFile.isEmpty()) {
        in.complain("keyFile", QStringLiteral("is required; set it in the configuration file or with --key-file"));
    } else if (const Result<QByteArray> key = readPublisherKey(settings.keyFile); !key) {
        in.complain("keyFile", key.error().message);
    }
}

void warnOfKeyFiles(const SettingValues &values)
{
    QStringList files{values.text("keyFile")};
    for (const SettingValues &llm : values.entries("llms"))
        files.append(llm.text("apiKeyFile"));
    for (const QString &file : std::as_const(files)) {
        if (const QString warning = keyFileWarning(file); !warning.isEmpty())
            qCWarning(lcPublisher).noquote() << warning;
    }
}

void readDurations(const SettingValues &values, PublisherSettings &settings)
{
    settings.watchInterval = values.duration("watchIntervalSeconds");
    settings.wakePoll = values.duration("wakePollSeconds");
    settings.recipes.killGrace = values.duration("recipeKillGraceSeconds");
    settings.offerAgain = values.duration("offerAgainSeconds");
    settings.answerTimeout = values.duration("answerTimeoutSeconds");
    settings.drainTimeout = values.duration("shutdown.drainSeconds");
    settings.reconnect = {.minimum = values.duration("reconnect.minSeconds"),
                          .maximum = values.duration("reconnect.maxSeconds"),
                          .replacedWait = values.duration("reconnect.replacedWaitSeconds"),
                          .goodbye = values.duration("reconnect.goodbyeSeconds")};
    settings.backend = {.connectTimeout = values.duration("backend.connectTimeoutSeconds"),
                        .firstByteTimeout = values.duration("backend.firstByteTimeoutSeconds"),
                        .idleTimeout = values.duration("backend.idleTimeoutSeconds"),
                        .probeTimeout = values.duration("backend.probeTimeoutSeconds")};
    settings.channel = {.handshakeTimeout = values.duration("channel.handshakeTimeoutSeconds"),
                        .pingInterval = values.duration("channel.pingIntervalSeconds"),
                        .writeTimeout = values.duration("channel.writeTimeoutSeconds"),
                        .closeTimeout = values.duration("channel.closeTimeoutSeconds")};
}

} // namespace

PublisherSettings readPublisherSettings(const SettingValues &values, const QString &configFile,
                                        QList<ConfigProblem> &problems)
{
    const Reading in{values, problems};
    PublisherSettings settings;
    settings.server = readUrl(in, "server", Query::Forbidden);
    settings.name = values.text("name");
    settings.stateFile = values.text("stateFile");
    settings.caFile = values.text("caFile");
    settings.extraTasks = values.integer<int>("extraTasks");
    readDurations(values, settings);
    settings.llms = readLlms(values, problems);
    settings.agents = readAgents(values, settings.llms, problems);
    if (settings.name.isEmpty() || settings.name.size() > maxPublisherNameLength)
        in.complain("name", QStringLiteral("must be 1 to %1 characters long").arg(maxPublisherNameLength));
    if (!fitsIntoRegister(settings)) {
        in.complain(settings.agents.empty() ? "llms" : "agents",
                    QStringLiteral("all that is published has to fit into a message of 1 MiB; shorten the texts, or "
                                   "spread the entries over several publishers"));
    }
    if (!settings.caFile.isEmpty() && !QFileInfo(settings.caFile).isReadable())
        in.complain("caFile", QStringLiteral("cannot be read"));
    if (settings.reconnect.minimum > settings.reconnect.maximum)
        in.complain("reconnect.minSeconds", QStringLiteral("must not be more than reconnect.maxSeconds"));
    readKeyStore(in, settings);
    if (settings.stateFile.isEmpty())
        settings.stateFile = StateFile::defaultPath(settings.server.toString(), configFile);
    return settings;
}

Result<PublisherSettings> readPublisherSettings(const SettingValues &values, const QString &configFile)
{
    QList<ConfigProblem> problems;
    PublisherSettings settings = readPublisherSettings(values, configFile, problems);
    if (!problems.isEmpty())
        return configurationError(problems);
    warnOfKeyFiles(values);
    return settings;
}

QString systemConfigFile()
{
    return QStringLiteral("/etc/hearth/publisher.yaml");
}

QString defaultConfigFile(const QString &ofTheSystem)
{
    QString directory = qEnvironmentVariable("XDG_CONFIG_HOME");
    if (!QDir::isAbsolutePath(directory))
        directory = QDir::homePath() + QStringLiteral("/.config");
    if (const QString personal = directory + QStringLiteral("/hearth/publisher.yaml"); QFileInfo::exists(personal))
        return personal;
    return QFileInfo(ofTheSystem).isReadable() ? ofTheSystem : QString();
}

} // namespace hearth::publisher
