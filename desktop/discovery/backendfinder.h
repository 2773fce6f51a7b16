// BackendFinder: looks for backends on this box and tells which models each of them has.
//
// The wizard and the settings dialog use it. It asks GET /v1/models on the usual ports of localhost, or at an address
// that a person has typed; nothing else is scanned. All ports are asked at once, each question with a deadline. One
// thread, with an event loop.

#pragma once

#include "httpclient.h"
#include "publishersettings.h"

#include <QObject>

#include <memory>
#include <vector>

namespace hearth::discovery {

struct FoundBackend
{
    /// As for `llms[].url`: `http://127.0.0.1:8000/v1`.
    QUrl url;
    /// What answers there as far as it can be told: `vLLM`, `Ollama`, `llama.cpp`, `LM Studio`; else
    /// `OpenAI-compatible`.
    QString kind;
    /// What it calls its models, in its own order.
    QStringList models;
};

struct FinderSettings
{
    /// For the whole answer to one question.
    Duration deadline = std::chrono::seconds(3);
    /// Of one backend; what goes beyond is left out.
    qsizetype maxModels = 500;
};

class BackendFinder final : public QObject
{
    Q_OBJECT

public:
    /// The usual ports: Ollama 11434, vLLM 8000, llama.cpp 8080, LM Studio 1234, and others.
    static std::vector<quint16> usualPorts();

    /// `client` and `clock` must outlive the finder.
    BackendFinder(httpclient::HttpClient &client, Clock &clock, QObject *parent = nullptr,
                  FinderSettings settings = {});
    ~BackendFinder() override;

    /// Asks these ports of 127.0.0.1; found() for each that answers, then finished(). Gives up what is under way.
    void search(const std::vector<quint16> &ports);
    /// Asks one address: `gpu:8000`, `http://10.0.0.5:8000/v1`. `apiKey` may be empty; it leaves this network only over
    /// https, unless the address says http://. found() or failed() follows, then finished(). Gives up what is under
    /// way.
    void ask(const QString &address, const QByteArray &apiKey);
    /// Nothing more is emitted.
    void cancel();

Q_SIGNALS:
    // Slots may start something else or cancel, but must not destroy the finder.
    void found(const hearth::discovery::FoundBackend &backend);
    /// Why nothing was found at the address that ask() was given, and what to do.
    void failed(const QString &reason);
    void finished();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A name for this model that Hearth takes: characters that names may not have are replaced, and a name that is in
/// `taken` gets a number.
QString nameFor(const QString &model, const QStringList &taken);

} // namespace hearth::discovery
