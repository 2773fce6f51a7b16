#include "backendfinder.h"

#include "backendaddress.h"
#include "fetch.h"
#include "modellist.h"

#include <algorithm>
#include <array>

namespace hearth::discovery {

namespace {

using publisher::Fetch;

/// Who writes what into `owned_by`.
QString kindOf(const QString &owner)
{
    static constexpr std::array<std::pair<QLatin1String, QLatin1String>, 7> kinds = {{
        {QLatin1String("library"), QLatin1String("Ollama")},
        {QLatin1String("vllm"), QLatin1String("vLLM")},
        {QLatin1String("llamacpp"), QLatin1String("llama.cpp")},
        {QLatin1String("organization_owner"), QLatin1String("LM Studio")},
        {QLatin1String("organization-owner"), QLatin1String("LM Studio")},
        {QLatin1String("sglang"), QLatin1String("SGLang")},
        {QLatin1String("lemonade"), QLatin1String("Lemonade")},
    }};
    const auto *const known = std::ranges::find_if(
        kinds, [&owner](const auto &kind) { return owner.compare(kind.first, Qt::CaseInsensitive) == 0; });
    return known == kinds.end() ? QStringLiteral("OpenAI-compatible") : QString(known->second);
}

} // namespace

struct BackendFinder::Private
{
    struct Question
    {
        QUrl url;
        std::unique_ptr<Fetch> fetch;
    };

    /// What ask() still has to try.
    struct Attempt
    {
        QList<QUrl> urls = {};
        QByteArray apiKey = {};
        /// Why nothing was found so far.
        QString reason = {};
        bool somebodyAnswered = false;
        /// Because of the key.
        bool isTlsOnly = false;
    };

    Private(BackendFinder &finder, httpclient::HttpClient &httpClient, Clock &theClock, FinderSettings theSettings);

    void begin(const QUrl &url, const QByteArray &apiKey);
    void answered(const QUrl &url, const Result<Fetch::Answer> &answer);
    void tellFound(const QUrl &url, const publisher::ModelList &list);
    void refused(const QUrl &url, const Result<Fetch::Answer> &answer);
    void tryNext();
    void finishWhenDone();

    BackendFinder &q;
    httpclient::HttpClient &client;
    Clock &clock;
    const FinderSettings settings;
    std::vector<Question> questions;
    std::optional<Attempt> attempt;
    bool isBusy = false;
    /// For results that are known at once, and still come from the event loop.
    Timer soon;
};

BackendFinder::Private::Private(BackendFinder &finder, httpclient::HttpClient &httpClient, Clock &theClock,
                                FinderSettings theSettings)
    : q(finder)
    , client(httpClient)
    , clock(theClock)
    , settings(theSettings)
    , soon(theClock, [this] { attempt ? tryNext() : finishWhenDone(); })
{}

void BackendFinder::Private::begin(const QUrl &url, const QByteArray &apiKey)
{
    httpclient::TransferRequest request;
    request.url = url.toEncoded() + "/models";
    request.fields.append("Accept", "application/json");
    if (!apiKey.isEmpty())
        request.fields.append("Authorization", "Bearer " + apiKey);
    request.limits.connect = settings.deadline;
    request.freshConnection = true;
    auto fetch = std::make_unique<Fetch>(client, clock, std::move(request), settings.deadline,
                                         [this, url](const Result<Fetch::Answer> &answer) { answered(url, answer); });
    questions.push_back({url, std::move(fetch)});
}

void BackendFinder::Private::answered(const QUrl &url, const Result<Fetch::Answer> &answer)
{
    // The answer lies in the Fetch, which goes with the question.
    const Result<Fetch::Answer> kept = answer;
    const QUrl asked = url;
    std::erase_if(questions, [&asked](const Question &question) { return question.url == asked; });
    const bool isWell = kept && kept->status >= 200 && kept->status < 300;
    const auto list = isWell ? publisher::readModelList(kept->body) : std::nullopt;
    if (list)
        tellFound(asked, *list);
    else if (attempt)
        return refused(asked, kept);
    finishWhenDone();
}

void BackendFinder::Private::tellFound(const QUrl &url, const publisher::ModelList &list)
{
    QStringList models = list.ids.first(std::min(list.ids.size(), settings.maxModels));
    models.removeAll(QString());
    models.removeDuplicates();
    Q_EMIT q.found({url, kindOf(list.owner), models});
}

void BackendFinder::Private::refused(const QUrl &url, const Result<Fetch::Answer> &answer)
{
    const QString authority = url.authority();
    QString reason;
    if (!answer) {
        reason = tr("%1 Start the backend, or correct the address.").arg(answer.error().message);
        // The other paths of an address that cannot be reached cannot be reached either.
        attempt->urls.removeIf([&url](const QUrl &other) { return other.scheme() == url.scheme(); });
    } else if (answer->status == 401 || answer->status == 403) {
        reason = attempt->apiKey.isEmpty() ? tr("%1 wants an API key. Enter the key of this backend.").arg(authority)
                                           : tr("%1 does not take this API key.").arg(authority);
        attempt->urls.clear();
    } else {
        reason = tr("%1 answers, but not with a list of models (HTTP status %2). Add the path of its "
                    "OpenAI-compatible interface, for example /v1.")
                     .arg(authority)
                     .arg(answer->status);
    }
    // That somebody answers there tells more than that nobody does.
    if (attempt->reason.isEmpty() || (answer && !attempt->somebodyAnswered))
        attempt->reason = reason;
    attempt->somebodyAnswered = attempt->somebodyAnswered || answer.ok();
    tryNext();
}

void BackendFinder::Private::tryNext()
{
    if (!attempt->urls.isEmpty())
        return begin(attempt->urls.takeFirst(), attempt->apiKey);
    const Attempt over = *std::exchange(attempt, {});
    Q_EMIT q.failed(over.isTlsOnly ? over.reason + u' ' +
                                         tr("The API key is sent to this host over https only, unless you write "
                                            "http:// before the address.")
                                   : over.reason);
    finishWhenDone();
}

void BackendFinder::Private::finishWhenDone()
{
    // A slot may have begun something else.
    if (!isBusy || !questions.empty() || soon.isActive())
        return;
    isBusy = false;
    attempt.reset();
    Q_EMIT q.finished();
}

std::vector<quint16> BackendFinder::usualPorts()
{
    return {
        11434, // Ollama
        8000,  // vLLM
        8001,  // a second vLLM
        8080,  // llama.cpp, LocalAI
        1234,  // LM Studio
        30000, // SGLang
        13305, // Lemonade
        5000,  // text-generation-webui, TabbyAPI
        1337,  // Jan
    };
}

BackendFinder::BackendFinder(httpclient::HttpClient &client, Clock &clock, QObject *parent, FinderSettings settings)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, client, clock, settings))
{}

BackendFinder::~BackendFinder() = default;

void BackendFinder::search(const std::vector<quint16> &ports)
{
    cancel();
    d->isBusy = true;
    for (const quint16 port : ports)
        d->begin(QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(port)), {});
    if (ports.empty())
        d->soon.start(Duration::zero());
}

void BackendFinder::ask(const QString &address, const QByteArray &apiKey)
{
    cancel();
    d->isBusy = true;
    const bool hasKey = !apiKey.isEmpty();
    d->attempt = Private::Attempt{.urls = backendUrls(address, hasKey), .apiKey = apiKey};
    d->attempt->isTlsOnly = d->attempt->urls.size() < backendUrls(address, false).size();
    if (d->attempt->urls.isEmpty()) {
        d->attempt->reason =
            tr("\"%1\" is no address of a web server. Write it like gpu:8000 or http://10.0.0.5:8000/v1.").arg(address);
    }
    d->soon.start(Duration::zero());
}

void BackendFinder::cancel()
{
    d->isBusy = false;
    d->soon.stop();
    d->questions.clear();
    d->attempt.reset();
}

} // namespace hearth::discovery
