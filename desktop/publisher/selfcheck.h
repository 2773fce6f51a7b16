// SelfCheck: tells a person, point by point, whether this publisher could do its work.
//
// `hearth-publisher --check` runs one and prints what it finds; the tray's wizard can do the same. It asks the server,
// tries the key, and asks every backend that is to be published; it registers nothing and changes nothing. Publisher's
// thread.

#pragma once

#include "fetch.h"
#include "handshake.h"
#include "publishedllm.h"

#include <QObject>

namespace hearth::publisher {

struct Finding
{
    bool isWell = false;
    /// What was looked at and how it is; when it is not well, what to do.
    QString text;
};

class SelfCheck final : public QObject
{
    Q_OBJECT

public:
    /// `dialer`, `client` and `clock` must outlive the check.
    SelfCheck(PublisherSettings settings, Dialer &dialer, httpclient::HttpClient &client, Clock &clock,
              QObject *parent = nullptr);

    /// Runs the check; to be called once. found() is emitted for every point, then finished().
    void start();

Q_SIGNALS:
    void found(const hearth::publisher::Finding &finding);
    void finished(bool allIsWell);

private:
    void report(bool isWell, const QString &text);
    void lookAtEntries();
    void lookAtPin(const AgentSettings &agent);
    void askServer();
    void tryKey();
    void greeted(const Result<Handshake::Greeting> &result);
    /// Goes on to the next Llm, or to the end.
    void next();
    void askBackend();
    void backendAnswered(const Result<Fetch::Answer> &answer);
    void askModels();
    void modelsAnswered(const Result<Fetch::Answer> &answer);
    void checkPrograms();

    const PublishedLlm &current() const { return m_llms[m_index]; }

    const PublisherSettings m_settings;
    Dialer &m_dialer;
    httpclient::HttpClient &m_client;
    Clock &m_clock;
    std::vector<PublishedLlm> m_llms;
    size_t m_index = 0;
    std::unique_ptr<Handshake> m_handshake;
    std::unique_ptr<Fetch> m_fetch;
    bool m_allIsWell = true;
};

} // namespace hearth::publisher
