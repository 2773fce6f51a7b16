#include "livetest.h"

#include "fetch.h"
#include "shellword.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace hearth::discovery {

namespace {

using publisher::Fetch;

/// Enough for a sentence, also of a model that thinks first.
constexpr int maxTokens = 200;

QByteArray chatUrl(const QUrl &server)
{
    return server.toEncoded() + "/v1/chat/completions";
}

QByteArray requestBody(const QString &llm)
{
    const QJsonObject message{{QStringLiteral("role"), QStringLiteral("user")},
                              {QStringLiteral("content"), QStringLiteral("Say hello in one short sentence.")}};
    return QJsonDocument(QJsonObject{{QStringLiteral("model"), llm},
                                     {QStringLiteral("messages"), QJsonArray{message}},
                                     {QStringLiteral("max_tokens"), maxTokens}})
        .toJson(QJsonDocument::Compact);
}

/// What the model has said, or at least thought; backends have two names for the latter.
QString textOf(const QJsonObject &message)
{
    for (const auto *const field : {"content", "reasoning_content", "reasoning"}) {
        if (const QString text = message.value(QLatin1String(field)).toString().trimmed(); !text.isEmpty())
            return text;
    }
    return {};
}

} // namespace

struct LiveTest::Private
{
    Private(LiveTest &test, Clock &theClock, LiveTestSettings theSettings)
        : q(test)
        , clock(theClock)
        , settings(theSettings)
    {}

    void finished(const Result<Fetch::Answer> &answer);
    void tellAnswer(const QJsonObject &completion);
    Error refusal(const Fetch::Answer &answer) const;

    LiveTest &q;
    Clock &clock;
    const LiveTestSettings settings;
    MonotonicTime began{};
    /// A child, one for each test: the certificates may be others. Outlives the request.
    httpclient::HttpClient *client = nullptr;
    std::unique_ptr<Fetch> fetch;
};

void LiveTest::Private::finished(const Result<Fetch::Answer> &answer)
{
    const Result<Fetch::Answer> kept = answer;
    fetch.reset();
    if (!kept && kept.error().code == ErrorCode::BackendTimeout) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings.deadline).count();
        Q_EMIT q.failed(
            {ErrorCode::BackendTimeout, tr("There was no answer within %n second(s). Look into the log of the backend.",
                                           nullptr, static_cast<int>(seconds))});
    } else if (!kept) {
        Q_EMIT q.failed(kept.error());
    } else if (kept->status != 200) {
        Q_EMIT q.failed(refusal(*kept));
    } else {
        tellAnswer(QJsonDocument::fromJson(kept->body).object());
    }
}

void LiveTest::Private::tellAnswer(const QJsonObject &completion)
{
    const QJsonValue message = completion.value(QLatin1String("choices")).toArray().at(0)[QLatin1String("message")];
    if (!message.isObject()) {
        Q_EMIT q.failed({ErrorCode::BackendError, tr("The request went through, but its answer is no chat completion. "
                                                     "Is it a model for chats?")});
        return;
    }
    Q_EMIT q.answered(textOf(message.toObject()), clock.now() - began);
}

Error LiveTest::Private::refusal(const Fetch::Answer &answer) const
{
    const QJsonValue error = QJsonDocument::fromJson(answer.body)[QLatin1String("error")];
    const QByteArray code = error[QLatin1String("code")].toString().toUtf8();
    const QString message = error[QLatin1String("message")].toString();
    return {errorCodeFromString(code).value_or(ErrorCode::BackendError),
            message.isEmpty() ? tr("The server answered with HTTP status %1.").arg(answer.status) : message};
}

LiveTest::LiveTest(Clock &clock, QObject *parent, LiveTestSettings settings)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, clock, settings))
{}

LiveTest::~LiveTest() = default;

void LiveTest::start(const QUrl &server, const QByteArray &key, const QString &llm, const QString &caFile)
{
    cancel();
    // This may be a slot of ours, in a call of the former client.
    if (d->client)
        d->client->deleteLater();
    d->client =
        new httpclient::HttpClient(httpclient::HttpClientSettings{.caFile = caFile.toLocal8Bit()}, d->clock, this);
    d->began = d->clock.now();
    httpclient::TransferRequest request;
    request.method = "POST";
    request.url = chatUrl(server);
    request.fields = {{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}};
    // One deadline rules, that of the whole answer.
    request.limits = {.firstByte = 2 * d->settings.deadline, .idle = 2 * d->settings.deadline};
    d->fetch = std::make_unique<Fetch>(
        *d->client, d->clock, std::move(request), d->settings.deadline,
        [this](const Result<Fetch::Answer> &answer) { d->finished(answer); }, requestBody(llm));
}

void LiveTest::cancel()
{
    d->fetch.reset();
}

QString LiveTest::curlLine(const QUrl &server, const QString &llm, const QString &caFile)
{
    const QString trust = caFile.isEmpty() ? QString() : QStringLiteral(" --cacert ") + shellWord(caFile);
    return QStringLiteral("curl %1%2 \\\n  -H \"Authorization: Bearer $HEARTH_API_KEY\" \\\n"
                          "  -H 'Content-Type: application/json' \\\n  -d %3")
        .arg(shellWord(QString::fromUtf8(chatUrl(server))), trust, shellWord(QString::fromUtf8(requestBody(llm))));
}

} // namespace hearth::discovery
