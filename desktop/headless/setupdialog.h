// SetupDialog: asks a person everything that a configuration needs, and checks each answer before the next question.
//
// `hearth-publisher setup` runs one, as the wizard of hearth-tray does in windows. What was given as an option is not
// asked, unless it is no good; only files are as they are. Where nobody is there to answer, or nothing is to be asked,
// every answer must have been given, and the first that is wrong ends it. It writes nothing. One thread, with an event
// loop: server and backends are asked in its turns, and only a question to the person blocks it, when nothing else is
// under way.

#pragma once

#include "publishercommandline.h"
#include "servercheck.h"
#include "setupanswers.h"
#include "terminal.h"

namespace hearth::headless {

class SetupDialog final : public QObject
{
    Q_OBJECT

public:
    /// All but `options` must outlive it. `ports`: where backends are looked for on this machine.
    SetupDialog(SetupOptions options, Terminal &terminal, httpclient::HttpClient &client, Clock &clock,
                std::vector<quint16> ports = discovery::BackendFinder::usualPorts(), QObject *parent = nullptr);

    /// To be called once. finished() follows, perhaps at once.
    void start();

Q_SIGNALS:
    /// Errors: Configuration when options are missing that would have to be asked for; else whatever was wrong with an
    /// answer. Their message is for the person, and has not been said yet.
    void finished(const hearth::Result<hearth::headless::SetupAnswers> &answers);

private:
    bool asks() const { return m_terminal.isInteractive() && !m_options.isSilent; }

    /// What is missing where nothing is asked; empty when that is nothing.
    QString missing() const;
    // Whoever returns false has failed.
    /// What is wanted of a setting: the given value, else what the person says, until it is one that the configuration
    /// takes. Nothing when that has failed.
    std::optional<QString> settle(const QString &key, QString value, const QString &question);
    bool readServer();
    bool readKey();
    void askForAccess();
    bool readKeyFile();
    void serverChecked(std::optional<ErrorCode> code, const QString &text);
    void askNextBackend();
    void backendFailed(const QString &reason);
    void lookedEverywhere();
    void askForAddress();
    void chooseModels(const ModelMenu &menu);
    void askForModels(const ModelMenu &menu);
    void nameBox();
    void fail(const Error &error);
    void failForWantOfInput();

    /// Server and models are empty once they were used, and asked for when they were wrong.
    SetupOptions m_options;
    Terminal &m_terminal;
    const std::vector<quint16> m_ports;
    discovery::ServerCheck m_check;
    discovery::BackendFinder m_finder;
    /// Addresses of backends that still have to be asked.
    QStringList m_addresses;
    std::vector<discovery::FoundBackend> m_backends;
    SetupAnswers m_answers;
};

} // namespace hearth::headless
