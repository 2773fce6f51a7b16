#include "setupdialog.h"

#include "backendaddress.h"
#include "configcheck.h"
#include "configdraft.h"
#include "keyfile.h"
#include "publisherconfig.h"

#include <algorithm>
#include <utility>

namespace hearth::headless {

namespace {

const QString serverKey = QStringLiteral("server");

QString defaultOf(QStringView key)
{
    const SettingTable table = publisher::publisherSettingTable();
    return std::get<QString>(table.find(key)->fallback);
}

/// What publisher.yaml would say against this value, without a subject; empty when it takes it.
QString objectionTo(const QString &key, const QString &value)
{
    draft::ConfigDraft draft;
    if (!draft.setText(key, value))
        return QStringLiteral("is too long");
    const QList<ConfigProblem> problems = draft::checkConfig(draft.text(), {}, {}).problems;
    const auto problem = std::ranges::find(problems, key, &ConfigProblem::key);
    return problem == problems.end() ? QString() : problem->what;
}

bool isAboutKey(ErrorCode code)
{
    return code == ErrorCode::InvalidApiKey || code == ErrorCode::ScopeMissing;
}

Error nothingChosen()
{
    return {ErrorCode::NotFound, QStringLiteral("No model has been chosen, so there is nothing to publish.")};
}

} // namespace

SetupDialog::SetupDialog(SetupOptions options, Terminal &terminal, httpclient::HttpClient &client, Clock &clock,
                         std::vector<quint16> ports, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_terminal(terminal)
    , m_ports(std::move(ports))
    , m_check(clock)
    , m_finder(client, clock)
{
    using discovery::BackendFinder;
    connect(&m_check, &discovery::ServerCheck::finished, this, &SetupDialog::serverChecked);
    connect(&m_finder, &BackendFinder::found, this,
            [this](const discovery::FoundBackend &backend) { m_backends.push_back(backend); });
    connect(&m_finder, &BackendFinder::failed, this, &SetupDialog::backendFailed);
    connect(&m_finder, &BackendFinder::finished, this, &SetupDialog::askNextBackend);
}

void SetupDialog::start()
{
    if (const QString text = missing(); !text.isEmpty())
        return fail({ErrorCode::Configuration, text});
    if (!m_options.caFile.isEmpty()) {
        if (const std::optional<QString> objection = discovery::ServerCheck::objectionToCaFile(m_options.caFile))
            return fail({ErrorCode::Configuration, *objection});
    }
    if (asks()) {
        m_terminal.say(QStringLiteral(
            "Others will be able to use models of this box, by way of a Hearth server. You need the address of\n"
            "your server, and an API key that whoever runs it makes with:\n\n"
            "    hearthd key create --name NAME --scope publish\n"));
    }
    askForAccess();
}

QString SetupDialog::missing() const
{
    if (asks())
        return {};
    QStringList flags;
    if (m_options.keyFile.isEmpty() && m_terminal.isInteractive())
        flags.append(QStringLiteral("--key-file FILE"));
    if (m_options.models.isEmpty())
        flags.append(QStringLiteral("--publish MODEL"));
    if (flags.isEmpty())
        return {};
    return QStringLiteral("Nothing is asked %1, so this has to be given: %2.")
        .arg(m_options.isSilent ? QStringLiteral("with --yes") : QStringLiteral("without a terminal"),
             flags.join(QLatin1String(" and ")));
}

void SetupDialog::askForAccess()
{
    if ((m_answers.server.isEmpty() && !readServer()) || (m_answers.key.isEmpty() && !readKey()))
        return;
    m_terminal.say(QStringLiteral("Asking the server…"));
    m_check.start(m_answers.server, m_answers.key, m_options.caFile);
}

std::optional<QString> SetupDialog::settle(const QString &key, QString value, const QString &question)
{
    const QString fallback = defaultOf(key);
    while (true) {
        if (value.isEmpty() && asks()) {
            const std::optional<QString> answer = m_terminal.ask(QStringLiteral("%1 [%2]:").arg(question, fallback));
            if (!answer) {
                failForWantOfInput();
                return std::nullopt;
            }
            value = *answer;
        }
        if (value.isEmpty())
            value = fallback;
        const QString meant = key == serverKey ? discovery::serverFromText(value).toString() : value;
        const QString objection = objectionTo(key, meant);
        if (objection.isEmpty())
            return meant;
        if (!asks()) {
            fail({ErrorCode::Configuration, QStringLiteral("--%1 %2.").arg(key, objection)});
            return std::nullopt;
        }
        m_terminal.say(QStringLiteral("The %1 %2.").arg(key, objection));
        value.clear();
    }
}

bool SetupDialog::readServer()
{
    const std::optional<QString> server =
        settle(serverKey, std::exchange(m_options.server, {}), QStringLiteral("Address of your server"));
    m_answers.server = QUrl(server.value_or(QString()));
    return server.has_value();
}

bool SetupDialog::readKey()
{
    if (!m_options.keyFile.isEmpty())
        return readKeyFile();
    if (!m_terminal.isInteractive())
        m_terminal.note(QStringLiteral("Reading the API key from standard input; --key-file names a file instead."));
    const QString question = QStringLiteral("API key, which is not shown while you type or paste it:");
    std::optional<QByteArray> key = m_terminal.askSecret(question);
    while (asks() && key && key->isEmpty())
        key = m_terminal.askSecret(question);
    m_answers.key = key.value_or(QByteArray());
    if (m_answers.key.isEmpty())
        failForWantOfInput();
    return !m_answers.key.isEmpty();
}

bool SetupDialog::readKeyFile()
{
    const Result<QByteArray> key = publisher::readPublisherKey(m_options.keyFile);
    if (!key)
        fail(key.error());
    else
        m_answers.key = *key;
    return key.ok();
}

void SetupDialog::serverChecked(std::optional<ErrorCode> code, const QString &text)
{
    // A key that was typed could not take the place of the one in the file.
    if (code && isAboutKey(*code) && !m_options.keyFile.isEmpty()) {
        return fail(
            {*code,
             text + QStringLiteral(" The key was read from %1; put the right one there.").arg(m_options.keyFile)});
    }
    if (code && !asks())
        return fail({*code, text});
    m_terminal.say(text);
    if (code) {
        // An empty URL is asked for again, and so is an empty key.
        if (isAboutKey(*code))
            m_answers.key.clear();
        else
            m_answers.server.clear();
        return askForAccess();
    }
    m_addresses = m_options.backends;
    if (!m_addresses.isEmpty())
        return askNextBackend();
    m_terminal.say(QStringLiteral("Looking for backends on this box…"));
    m_finder.search(m_ports);
}

void SetupDialog::askNextBackend()
{
    if (m_addresses.isEmpty())
        return lookedEverywhere();
    const QString address = m_addresses.takeFirst();
    m_terminal.say(QStringLiteral("Asking %1…").arg(address));
    m_finder.ask(address, {});
}

void SetupDialog::backendFailed(const QString &reason)
{
    if (asks())
        return m_terminal.say(reason);
    m_finder.cancel();
    fail({ErrorCode::BackendUnreachable, reason});
}

void SetupDialog::lookedEverywhere()
{
    const ModelMenu menu(m_backends);
    if (!menu.models().empty())
        return chooseModels(menu);
    QString why;
    if (!m_backends.empty()) {
        why = QStringLiteral("%1 answers, but has no model. Load one there.").arg(m_backends.front().url.toString());
    } else if (m_options.backends.isEmpty()) {
        why = QStringLiteral("No backend answers on the usual ports of this box. Start one, for example with \"ollama "
                             "serve\", \"vllm serve\" or \"llama-server\", or give its address%1.")
                  .arg(asks() ? QString() : QStringLiteral(" with --backend"));
    }
    if (!asks())
        return fail({ErrorCode::NotFound, why});
    if (!why.isEmpty())
        m_terminal.say(why);
    askForAddress();
}

void SetupDialog::askForAddress()
{
    const std::optional<QString> address =
        m_terminal.ask(QStringLiteral("Address of a backend, for example gpu:8000, or nothing to give up:"));
    if (!address || address->isEmpty())
        return fail(nothingChosen());
    m_backends.clear();
    m_options.backends.append(*address);
    m_addresses = {*address};
    askNextBackend();
}

void SetupDialog::chooseModels(const ModelMenu &menu)
{
    if (const QStringList names = std::exchange(m_options.models, {}); !names.isEmpty()) {
        const Result<std::vector<OfferedModel>> named = menu.named(names);
        if (named) {
            m_answers.models = *named;
            return nameBox();
        }
        if (!asks())
            return fail(named.error());
        m_terminal.say(named.error().message);
    }
    askForModels(menu);
}

void SetupDialog::askForModels(const ModelMenu &menu)
{
    m_terminal.say(menu.text());
    while (m_answers.models.empty()) {
        const std::optional<QString> typed = m_terminal.ask(
            QStringLiteral("Which of them may others use? Numbers like 1,3-5, \"all\", or nothing to give up:"));
        if (!typed)
            return failForWantOfInput();
        if (typed->isEmpty())
            return fail(nothingChosen());
        if (const Result<std::vector<OfferedModel>> chosen = menu.chosen(*typed))
            m_answers.models = *chosen;
        else
            m_terminal.say(chosen.error().message);
    }
    nameBox();
}

void SetupDialog::nameBox()
{
    const std::optional<QString> name =
        settle(QStringLiteral("name"), m_options.name, QStringLiteral("What people are to call this box"));
    if (!name)
        return;
    m_answers.name = *name;
    Q_EMIT finished(m_answers);
}

void SetupDialog::fail(const Error &error)
{
    Q_EMIT finished(error);
}

void SetupDialog::failForWantOfInput()
{
    if (asks())
        return fail({ErrorCode::Cancelled, QStringLiteral("The input has ended before everything was answered.")});
    fail({ErrorCode::Configuration,
          QStringLiteral("There is no key: name its file with --key-file, or give the key as a "
                         "line of the standard input.")});
}

} // namespace hearth::headless
