// Stack: the whole way of a request as real programs: hearth-testbackend, hearthd and hearth-publisher, each on a free
// port, in a temporary directory of their own.
//
// Tests change the settings, start it, and then stop, kill and restart its parts as they like. Keys are made from the
// command line as a person would. For the thread of the test; functions that wait run the event loop.

#pragma once

#include "httpcall.h"
#include "program.h"
#include "stackrecipes.h"
#include "strangers.h"

#include <QJsonArray>
#include <QMap>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <vector>

namespace hearth::testsupport {

struct StackSettings
{
    /// Empty for a SQLite file in the stack's directory.
    QString database = {};
    /// Dotted keys of hearthd.yaml and publisher.yaml with their values as text.
    QMap<QString, QString> server = {};
    QMap<QString, QString> publisher = {};
    /// The text of a hearthd.yaml, which the environment, where `server` goes, takes precedence over; empty for none.
    QByteArray serverFile = {};
    /// Beside those that the stack needs itself. Unless told otherwise, the backend streams as fast as it can.
    QStringList backendFlags = {};
    int maxConcurrency = 4;
    bool tls = false;
    /// How the publisher wakes the backend. With a recipe that is a request, the backend is a running program that is
    /// asleep; with one that is a script, it is none yet.
    RecipeSettings recipes = {};
    /// Whether start() starts the backend at all.
    bool hasBackend = true;
};

class Stack
{
public:
    /// What clients call the Llm, and what its backend calls the model.
    static constexpr char llmName[] = "test-llm";
    static constexpr char modelName[] = "test-model";

    explicit Stack(StackSettings settings = {});
    ~Stack();
    Stack(const Stack &) = delete;
    Stack &operator=(const Stack &) = delete;

    /// Makes the keys `client`, `publisher` and `admin` with the scopes infer, publish and admin, and starts
    /// everything; true when the Llm has the status.
    bool start(const QByteArray &status = "active");
    bool makeKeys();

    // Each of these starts a program, on the port that it had before if there was one, and waits until it is ready; a
    // program of the same kind must have ended. They return false, and the log says why, when that does not happen.

    /// With a recipe that is a request, the backend starts asleep.
    bool startBackend();
    bool startServer();
    /// Does not wait: there may be no server.
    void startPublisher();
    bool waitUntilLlmIs(const QByteArray &status, std::chrono::milliseconds limit = Program::patience);

    /// Another publisher, which has its own files in the folder `name`. `llms` is the YAML list of the same key.
    std::unique_ptr<Program> launchPublisher(const QString &name, const QByteArray &key, const QByteArray &llms);
    /// Another backend, on a free port. What it listens on it writes into its log.
    std::unique_ptr<Program> launchBackend(const QStringList &flags);
    /// Runs `hearth-publisher --check` with such files; `server` replaces the stack's own where it is not empty.
    CommandResult checkPublisher(const QByteArray &key, const QByteArray &llms, const QUrl &server = {});
    /// One entry of such a list, for the stack's own backend.
    QByteArray llmEntry(const QByteArray &llm) const;

    const StackRecipes &recipes() const { return m_recipes; }

    /// The line of a shell script that becomes the backend.
    QByteArray backendCommand() const;
    /// How often a recipe has woken the backend and put it to sleep. A request counts also when it was refused.
    int wakeRuns() const;
    int sleepRuns() const;
    /// Asks the wake listener of the backend: `/stats`, or with POST `/wake` and `/sleep`.
    QJsonObject askWakeListener(const QByteArray &method, const QByteArray &route) const;
    /// What recipes have started and what is still there of it.
    QList<Stranger> strangers() const;

    Program &backend() { return *m_backend; }

    Program &server() { return *m_server; }

    Program &publisher() { return *m_publisher; }

    QUrl serverUrl() const { return m_serverUrl; }

    QUrl backendUrl() const { return m_backendUrl; }

    /// A path below the stack's directory.
    QString path(const QString &file) const { return m_folder.filePath(file); }

    QString database() const { return m_settings.database; }

    StackSettings &settings() { return m_settings; }

    /// Replaces the hearthd.yaml that the server was started with, of which a running one learns by SIGHUP.
    void writeServerFile(const QByteArray &text);

    QString serverFile() const { return path(QStringLiteral("hearthd.yaml")); }

    /// Makes another certificate under the same name. Calls trust no other one from then on; a running server learns of
    /// it by SIGHUP.
    void renewCertificate();

    /// Where the publisher remembers its session.
    QString stateFile() const { return path(QStringLiteral("publisher/state.json")); }

    QByteArray key(const QByteArray &name) const { return m_keys.value(name); }

    /// Runs `hearthd key create --name NAME ARGUMENTS --json`; the key, or nothing when that failed.
    QByteArray createKey(const QByteArray &name, const QStringList &arguments);
    /// Runs `hearthd ARGUMENTS --database …`.
    CommandResult hearthd(const QStringList &arguments) const;

    // Requests to the server. Those that return an answer wait for its end.

    std::unique_ptr<HttpCall> call(const HttpRequest &request, HttpCall::Options options = {}) const;
    std::unique_ptr<HttpCall> callRaw(const QByteArray &bytes) const;
    std::unique_ptr<HttpCall> get(const QByteArray &target, const QByteArray &keyName = "client") const;
    /// A request to a model with the key `client`; `members` are added to the body, or replace what is in it.
    HttpRequest modelRequest(const QByteArray &route, const QJsonObject &members) const;
    /// The same to /v1/chat/completions, streamed.
    HttpRequest chat(const QJsonObject &members = {}) const;

    QJsonObject llm(const QByteArray &name = llmName) const;
    QJsonArray sessions() const;

    // What the backend reports. Probes of publishers are no requests to a model and are left out of the list.

    QJsonObject backendStats() const;
    QList<QJsonObject> backendRequests() const;
    void forgetBackendRequests() const;

    /// Stops everything that runs, the publishers first, and says what was not in order: an exit code, a sanitizer's
    /// report, a complaint of Qt in a log. Empty when nothing was.
    QString finish();
    /// The ends of all logs, for a person who wants to know why a test has failed.
    QByteArray logTails() const;

    QStringList logFiles() const { return m_logFiles; }

    std::unique_ptr<HttpCall> askBackend(const HttpRequest &request) const;

private:
    /// Finds a port for the backend and keeps it as long as the stack lives.
    void reserveBackendPort();
    QStringList backendArguments() const;
    void endStrangers() const;
    /// The path of the configuration.
    QString writePublisherFiles(const QString &name, const QByteArray &key, const QByteArray &llms, const QUrl &server);
    std::unique_ptr<Program> run(const QString &name, const QStringList &arguments,
                                 const QProcessEnvironment &environment);
    QProcessEnvironment environmentWith(const QMap<QString, QString> &settings) const;
    QString stopped(const QString &name, std::unique_ptr<Program> &program) const;

    StackSettings m_settings;
    QTemporaryDir m_folder;
    QMap<QByteArray, QByteArray> m_keys;
    QStringList m_logFiles;
    QList<QSslCertificate> m_authorities;
    StackRecipes m_recipes;
    /// Bound and never listening: nobody else gets the port while no backend listens there.
    QTcpSocket m_backendPort;
    QUrl m_backendUrl;
    /// Of the backend's wake listener.
    QUrl m_wakeUrl;
    QUrl m_serverUrl;
    std::unique_ptr<Program> m_backend;
    std::unique_ptr<Program> m_server;
    std::unique_ptr<Program> m_publisher;
};

/// `{"x_test": {…}}`: what the test backend is to do with a request.
QJsonObject directive(std::initializer_list<QPair<QString, QJsonValue>> members);

} // namespace hearth::testsupport
