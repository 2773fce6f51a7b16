// LiveTest: sends one real request the whole way: to the server, through the relay, to the backend and back.
//
// The wizard's last step. The request is a short chat completion of few tokens, with a key that may infer. One thread,
// with an event loop.

#pragma once

#include "publishersettings.h"
#include "result.h"

#include <QObject>

#include <memory>

namespace hearth::discovery {

struct LiveTestSettings
{
    /// For the whole answer; a backend that sleeps is woken first.
    Duration deadline = std::chrono::seconds(120);
};

class LiveTest final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the test.
    explicit LiveTest(Clock &clock, QObject *parent = nullptr, LiveTestSettings settings = {});
    ~LiveTest() override;

    /// Gives up the request that is under way. `caFile` may be empty.
    void start(const QUrl &server, const QByteArray &key, const QString &llm, const QString &caFile);
    /// Nothing more is emitted.
    void cancel();

    /// The same request for a terminal, over several lines; the key is written as `$HEARTH_API_KEY`, never itself.
    static QString curlLine(const QUrl &server, const QString &llm, const QString &caFile);

Q_SIGNALS:
    // Slots may start another test or cancel, but must not destroy this object.
    /// The text of the answer (empty when the model has said nothing), and how long it took.
    void answered(const QString &text, hearth::Duration duration);
    /// ScopeMissing: the key may publish but not infer. Everything else: what is wrong and what to do.
    void failed(const hearth::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::discovery
