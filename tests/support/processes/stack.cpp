#include "stack.h"

#include "certificate.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

namespace hearth::testsupport {

namespace {

/// What no log may hold: reports of sanitizers and of assertions, and what Qt says when it is used wrongly.
constexpr std::array<QByteArrayView, 8> complaints{"Sanitizer", "runtime error:",    "QSocketNotifier:", "QObject::",
                                                   "QIODevice", "QAbstractSocket::", "ASSERT",           "Z FATAL "};

QString variableName(const QString &key)
{
    return QStringLiteral("HEARTH_") + QString(key).replace(u'.', QStringLiteral("__")).toUpper();
}

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("Cannot write %s.", qPrintable(path));
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

} // namespace

Stack::Stack(StackSettings settings)
    : m_settings(std::move(settings))
    , m_recipes(m_folder.path(), m_settings.recipes)
{
    reserveBackendPort();
    m_recipes.writeScripts(backendCommand());
    if (m_settings.database.isEmpty())
        m_settings.database = QStringLiteral("sqlite:") + path(QStringLiteral("hearth.db"));
    QDir(m_folder.path()).mkdir(QStringLiteral("logs"));
    if (m_settings.tls)
        renewCertificate();
}

Stack::~Stack()
{
    m_publisher.reset();
    endStrangers();
}

bool Stack::start(const QByteArray &status)
{
    const bool needsBackend = m_settings.hasBackend && !m_recipes.isScript();
    if (!makeKeys() || (needsBackend && !startBackend()) || !startServer())
        return false;
    startPublisher();
    return waitUntilLlmIs(status);
}

bool Stack::makeKeys()
{
    for (const auto &[name, scope] :
         {std::pair("client", "infer"), std::pair("publisher", "publish"), std::pair("admin", "admin")}) {
        if (createKey(name, {QStringLiteral("--scope"), QString::fromLatin1(scope)}).isEmpty())
            return false;
    }
    return true;
}

void Stack::reserveBackendPort()
{
    // The hint is what lets the backend listen on the same port.
    if (!m_backendPort.bind(QHostAddress::LocalHost, 0, QAbstractSocket::ReuseAddressHint))
        qFatal("There is no free port.");
    m_backendUrl = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_backendPort.localPort()));
}

QStringList Stack::backendArguments() const
{
    return QStringList{QStringLiteral("--listen"), m_backendUrl.authority(),  QStringLiteral("--rate"),
                       QStringLiteral("0"),        QStringLiteral("--model"), QString::fromLatin1(modelName)} +
           m_settings.backendFlags;
}

QByteArray Stack::backendCommand() const
{
    return programPath(QStringLiteral("hearth-testbackend")).toUtf8() + ' ' + backendArguments().join(u' ').toUtf8();
}

bool Stack::startBackend()
{
    QStringList arguments = backendArguments();
    if (m_recipes.isHttp()) {
        arguments += {QStringLiteral("--asleep"), QStringLiteral("--wake-listen"),
                      QStringLiteral("127.0.0.1:%1").arg(m_wakeUrl.port(0))};
    }
    m_backend = run(QStringLiteral("hearth-testbackend"), arguments, cleanEnvironment(m_folder.path()));
    if (!m_recipes.isHttp())
        return m_backend->waitForUrl().isValid();
    m_wakeUrl = m_backend->waitForUrl("waking on");
    return m_backend->waitForUrl("asleep on").isValid();
}

bool Stack::startServer()
{
    const int port = m_serverUrl.port(0);
    QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port),
                          QStringLiteral("--database"), m_settings.database};
    if (!m_settings.serverFile.isEmpty()) {
        writeServerFile(m_settings.serverFile);
        arguments += {QStringLiteral("--config"), serverFile()};
    }
    m_server = run(QStringLiteral("hearthd"), arguments, environmentWith(m_settings.server));
    const QUrl url = m_server->waitForUrl();
    if (url.isValid())
        m_serverUrl = url;
    return url.isValid();
}

void Stack::writeServerFile(const QByteArray &text)
{
    m_settings.serverFile = text;
    writeFile(serverFile(), text);
}

void Stack::startPublisher()
{
    m_publisher = launchPublisher(QStringLiteral("publisher"), key("publisher"), llmEntry(llmName));
}

std::unique_ptr<Program> Stack::launchPublisher(const QString &name, const QByteArray &key, const QByteArray &llms)
{
    return run(QStringLiteral("hearth-publisher"),
               {QStringLiteral("--config"), writePublisherFiles(name, key, llms, m_serverUrl)},
               environmentWith(m_settings.publisher));
}

std::unique_ptr<Program> Stack::launchBackend(const QStringList &flags)
{
    const QStringList arguments{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                QStringLiteral("--rate"),   QStringLiteral("0"),
                                QStringLiteral("--model"),  QString::fromLatin1(modelName)};
    return run(QStringLiteral("hearth-testbackend"), arguments + flags, cleanEnvironment(m_folder.path()));
}

CommandResult Stack::checkPublisher(const QByteArray &key, const QByteArray &llms, const QUrl &server)
{
    const QUrl asked = server.isEmpty() ? m_serverUrl : server;
    return runCommand(programPath(QStringLiteral("hearth-publisher")),
                      {QStringLiteral("--check"), QStringLiteral("--config"),
                       writePublisherFiles(QStringLiteral("check"), key, llms, asked)},
                      environmentWith(m_settings.publisher));
}

QString Stack::writePublisherFiles(const QString &name, const QByteArray &key, const QByteArray &llms,
                                   const QUrl &server)
{
    QDir(m_folder.path()).mkdir(name);
    const QString folder = path(name);
    writeFile(folder + QStringLiteral("/key"), key + '\n');
    QByteArray yaml = "server: " + server.toEncoded() + "\nname: " + name.toUtf8();
    yaml += "\nkeyFile: " + folder.toUtf8() + "/key\nstateFile: " + folder.toUtf8() + "/state.json\n";
    if (m_settings.tls)
        yaml += "caFile: " + path(QStringLiteral("certificate.pem")).toUtf8() + '\n';
    const QString configuration = folder + QStringLiteral("/publisher.yaml");
    writeFile(configuration, yaml + "llms:\n" + llms);
    return configuration;
}

QByteArray Stack::llmEntry(const QByteArray &llm) const
{
    return "  - name: " + llm + "\n    model: " + modelName + "\n    url: " + m_backendUrl.toEncoded() +
           "/v1\n    publish: true\n    maxConcurrency: " + QByteArray::number(m_settings.maxConcurrency) + '\n' +
           m_recipes.yaml(m_wakeUrl);
}

bool Stack::waitUntilLlmIs(const QByteArray &status, std::chrono::milliseconds limit)
{
    const auto isThere = [&] { return llm()[QLatin1String("status")].toString().toUtf8() == status; };
    return QTest::qWaitFor(isThere, static_cast<int>(limit.count()));
}

QByteArray Stack::createKey(const QByteArray &name, const QStringList &arguments)
{
    const QStringList command{QStringLiteral("key"), QStringLiteral("create"), QStringLiteral("--json"),
                              QStringLiteral("--name"), QString::fromUtf8(name)};
    const CommandResult result = hearthd(command + arguments);
    if (result.exitCode != 0)
        qWarning("hearthd key create: %s", result.errors.constData());
    m_keys[name] = QJsonDocument::fromJson(result.output)[QLatin1String("key")].toString().toUtf8();
    return m_keys[name];
}

CommandResult Stack::hearthd(const QStringList &arguments) const
{
    return runCommand(programPath(QStringLiteral("hearthd")),
                      arguments + QStringList{QStringLiteral("--database"), m_settings.database},
                      cleanEnvironment(m_folder.path()));
}

std::unique_ptr<HttpCall> Stack::call(const HttpRequest &request, HttpCall::Options options) const
{
    options.authorities = m_authorities;
    return std::make_unique<HttpCall>(m_serverUrl, toBytes(request), options);
}

std::unique_ptr<HttpCall> Stack::callRaw(const QByteArray &bytes) const
{
    return std::make_unique<HttpCall>(m_serverUrl, bytes, HttpCall::Options{.authorities = m_authorities});
}

std::unique_ptr<HttpCall> Stack::get(const QByteArray &target, const QByteArray &keyName) const
{
    auto answer = call({.target = target, .fields = {{"Authorization", "Bearer " + m_keys.value(keyName)}}});
    answer->waitForEnd();
    return answer;
}

HttpRequest Stack::modelRequest(const QByteArray &route, const QJsonObject &members) const
{
    QJsonObject body{
        {QStringLiteral("model"), QString::fromLatin1(llmName)},
        {QStringLiteral("messages"), QJsonArray{QJsonObject{{QStringLiteral("role"), QStringLiteral("user")},
                                                            {QStringLiteral("content"), QStringLiteral("Hello")}}}},
    };
    for (auto it = members.begin(); it != members.end(); ++it)
        body[it.key()] = it.value();
    return {.method = "POST",
            .target = route,
            .fields = {{"Authorization", "Bearer " + m_keys.value("client")}, {"Content-Type", "application/json"}},
            .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

HttpRequest Stack::chat(const QJsonObject &members) const
{
    QJsonObject streamed = members;
    streamed[QLatin1String("stream")] = true;
    return modelRequest("/v1/chat/completions", streamed);
}

QJsonObject Stack::llm(const QByteArray &name) const
{
    return get("/api/v1/llms/" + name, "admin")->json();
}

QJsonArray Stack::sessions() const
{
    return QJsonDocument::fromJson(get("/api/v1/sessions", "admin")->body()).array();
}

int Stack::wakeRuns() const
{
    return m_recipes.isHttp() ? askWakeListener("GET", "/stats")[QLatin1String("wakes")].toInt() : m_recipes.wakeRuns();
}

int Stack::sleepRuns() const
{
    return m_recipes.isHttp() ? askWakeListener("GET", "/stats")[QLatin1String("sleeps")].toInt()
                              : m_recipes.sleepRuns();
}

QJsonObject Stack::askWakeListener(const QByteArray &method, const QByteArray &route) const
{
    HttpCall answer(m_wakeUrl, toBytes({.method = method, .target = route}), {});
    answer.waitForEnd();
    return answer.json();
}

QList<Stranger> Stack::strangers() const
{
    QList<Stranger> found = testsupport::strangers(m_folder.path());
    found.removeIf([this](const Stranger &stranger) { return m_backend && stranger.pid == m_backend->pid(); });
    return found;
}

void Stack::endStrangers() const
{
    for (const Stranger &stranger : strangers())
        ::kill(static_cast<pid_t>(stranger.pid), SIGKILL);
}

std::unique_ptr<HttpCall> Stack::askBackend(const HttpRequest &request) const
{
    auto answer = std::make_unique<HttpCall>(m_backendUrl, toBytes(request), HttpCall::Options{});
    answer->waitForEnd();
    return answer;
}

QJsonObject Stack::backendStats() const
{
    return askBackend({.target = "/test/stats"})->json();
}

QList<QJsonObject> Stack::backendRequests() const
{
    QList<QJsonObject> requests;
    const QJsonArray all = QJsonDocument::fromJson(askBackend({.target = "/test/requests"})->body()).array();
    for (const QJsonValue &request : all) {
        if (request[QLatin1String("method")] == QLatin1String("POST"))
            requests.append(request.toObject());
    }
    return requests;
}

void Stack::forgetBackendRequests() const
{
    askBackend({.method = "DELETE", .target = "/test/requests"});
}

QString Stack::finish()
{
    QString problems =
        stopped(QStringLiteral("hearth-publisher"), m_publisher) + stopped(QStringLiteral("hearthd"), m_server);
    // It has nothing to tidy up and does not handle signals.
    m_backend.reset();
    for (const QString &logFile : m_logFiles) {
        QFile file(logFile);
        file.open(QIODevice::ReadOnly);
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            const auto holds = [&line](QByteArrayView complaint) { return line.contains(complaint); };
            if (std::any_of(complaints.begin(), complaints.end(), holds))
                problems += QString::fromUtf8(line);
        }
    }
    return problems;
}

QString Stack::stopped(const QString &name, std::unique_ptr<Program> &program) const
{
    const std::unique_ptr<Program> ending = std::move(program);
    if (!ending || !ending->isRunning())
        return {};
    ending->signal(SIGTERM);
    if (!ending->waitForExit())
        return name + QStringLiteral(" does not stop.\n");
    return ending->exitCode() == 0 ? QString() : name + QStringLiteral(" has failed.\n");
}

QByteArray Stack::logTails() const
{
    constexpr qsizetype shown = 4000;
    QByteArray tails;
    for (const QString &logFile : m_logFiles) {
        QFile file(logFile);
        file.open(QIODevice::ReadOnly);
        tails += "\n--- " + logFile.toUtf8() + '\n' + file.readAll().right(shown);
    }
    return tails;
}

std::unique_ptr<Program> Stack::run(const QString &name, const QStringList &arguments,
                                    const QProcessEnvironment &environment)
{
    const QString logFile = path(QStringLiteral("logs/%1-%2.log").arg(m_logFiles.size() + 1).arg(name));
    m_logFiles.append(logFile);
    return std::make_unique<Program>(programPath(name), arguments, environment, logFile);
}

QProcessEnvironment Stack::environmentWith(const QMap<QString, QString> &settings) const
{
    QProcessEnvironment environment = cleanEnvironment(m_folder.path());
    for (auto it = settings.begin(); it != settings.end(); ++it)
        environment.insert(variableName(it.key()), it.value());
    return environment;
}

void Stack::renewCertificate()
{
    const QString certificate = path(QStringLiteral("certificate.pem"));
    const QString key = path(QStringLiteral("certificate.key"));
    makeCertificate(certificate, key);
    m_settings.server[QStringLiteral("tls.certificateFile")] = certificate;
    m_settings.server[QStringLiteral("tls.keyFile")] = key;
    m_authorities = QSslCertificate::fromPath(certificate);
}

QJsonObject directive(std::initializer_list<QPair<QString, QJsonValue>> members)
{
    return {{QStringLiteral("x_test"), QJsonObject(members)}};
}

} // namespace hearth::testsupport
