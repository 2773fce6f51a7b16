#include "servercheck.h"

#include "handshake.h"
#include "serverprobe.h"
#include "websocketdialer.h"

#include <QCoreApplication>
#include <QSslCertificate>

#include <algorithm>

namespace hearth::discovery {

namespace {

using Kind = ServerAnswer::Kind;
using publisher::Handshake;

bool isPrintable(const QByteArray &key)
{
    return std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
}

QUrl otherScheme(QUrl url)
{
    url.setScheme(url.scheme() == QLatin1String("https") ? QStringLiteral("http") : QStringLiteral("https"));
    return url;
}

/// `0.3` of `0.3.1`: versions that agree in this are made for each other.
QString generation(const QString &version)
{
    return version.section(u'.', 0, 1);
}

} // namespace

struct ServerCheck::Private
{
    Private(ServerCheck &check, Clock &theClock, ServerCheckSettings theSettings)
        : q(check)
        , clock(theClock)
        , settings(std::move(theSettings))
        , soon(theClock, [this] { beginProbe(); })
    {}

    void beginProbe();
    std::optional<QString> objection() const;
    void probed(const ServerAnswer &answer);
    void askOtherScheme(const ServerAnswer &first);
    QString words(const ServerAnswer &answer) const;
    void beginHandshake();
    void greeted(const Result<Handshake::Greeting> &greeting);
    void conclude(std::optional<ErrorCode> code, const QString &text);
    ServerProbe &newProbe();
    void dropProbe();

    ServerCheck &q;
    Clock &clock;
    const ServerCheckSettings settings;
    QUrl server;
    QByteArray key;
    QString caFile;
    /// A child of `q`; replaced ones are deleted later, for they may be telling their result.
    ServerProbe *probe = nullptr;
    std::unique_ptr<publisher::WebSocketDialer> dialer;
    /// Uses the dialer.
    std::unique_ptr<Handshake> handshake;
    /// Begins the check from the event loop, so that no result comes from inside start().
    Timer soon;
};

void ServerCheck::Private::dropProbe()
{
    if (ServerProbe *const former = std::exchange(probe, nullptr)) {
        former->disconnect(&q);
        former->deleteLater();
    }
}

ServerProbe &ServerCheck::Private::newProbe()
{
    dropProbe();
    probe = new ServerProbe(clock, &q);
    return *probe;
}

std::optional<QString> ServerCheck::Private::objection() const
{
    const bool isWeb = server.scheme() == QLatin1String("http") || server.scheme() == QLatin1String("https");
    if (!server.isValid() || !isWeb || server.host().isEmpty())
        return tr("This is no address of a server. Write it like https://hearth.example.org or http://10.0.0.5:4327.");
    return caFile.isEmpty() ? std::nullopt : objectionToCaFile(caFile);
}

void ServerCheck::Private::beginProbe()
{
    if (const std::optional<QString> text = objection())
        return conclude(ErrorCode::Configuration, *text);
    if (!isPrintable(key))
        return conclude(ErrorCode::InvalidApiKey, tr("A key is one word without blanks. Copy it once more."));
    connect(&newProbe(), &ServerProbe::finished, &q, [this](const ServerAnswer &answer) { probed(answer); });
    probe->start(server, caFile, settings.answerTimeout);
}

void ServerCheck::Private::probed(const ServerAnswer &answer)
{
    if (answer.kind == Kind::Hearth && !key.isEmpty())
        return beginHandshake();
    if (answer.kind == Kind::Hearth)
        return conclude(std::nullopt, tr("There is a Hearth server."));
    const bool mayBeOtherScheme = answer.kind == Kind::NoHttp || answer.kind == Kind::TlsFailed ||
                                  answer.kind == Kind::Unreachable ||
                                  (answer.kind == Kind::OtherServer && answer.status == 400);
    if (mayBeOtherScheme)
        return askOtherScheme(answer);
    conclude(ErrorCode::Io, words(answer));
}

void ServerCheck::Private::askOtherScheme(const ServerAnswer &first)
{
    connect(&newProbe(), &ServerProbe::finished, &q, [this, first](const ServerAnswer &answer) {
        const bool isPlain = server.scheme() == QLatin1String("http");
        if (isPlain ? answer.speaksTls() : answer.speaksHttp())
            conclude(ErrorCode::Io, tr("The server speaks %1 there. Write %2.")
                                        .arg(isPlain ? QStringLiteral("https") : QStringLiteral("http"),
                                             otherScheme(server).toString()));
        else
            conclude(ErrorCode::Io, words(first));
    });
    probe->start(otherScheme(server), caFile, settings.answerTimeout);
}

QString ServerCheck::Private::words(const ServerAnswer &answer) const
{
    const QString where = server.authority();
    switch (answer.kind) {
    case Kind::Hearth:
        break;
    case Kind::OtherServer:
        return answer.status >= 502 && answer.status <= 504
                   ? tr("There is a web server at %1, but the Hearth server behind it does not answer.").arg(where)
                   : tr("There is a web server at %1, but it is no Hearth server. Check address and port.").arg(where);
    case Kind::Redirect:
        return tr("The server at %1 sends us on to %2. Use the address that it points to.").arg(where, answer.detail);
    case Kind::NameNotFound:
        return tr("Nobody knows the name %1. Check how it is spelled, and your network.").arg(server.host());
    case Kind::Refused:
        return tr("There is a machine at %1, but no server on port %2. Check the port, and whether the server runs.")
            .arg(server.host())
            .arg(server.port(server.scheme() == QLatin1String("https") ? 443 : 80));
    case Kind::Timeout:
        return tr("Nobody answers at %1. Check the address, your network and its firewalls.").arg(where);
    case Kind::UnknownIssuer:
        return caFile.isEmpty() ? tr("Nobody whom this computer trusts has signed the certificate of %1. If it is your "
                                     "own, choose the file of its certificate authority.")
                                      .arg(where)
                                : tr("The certificate of %1 was not signed by the authority in %2. Choose another "
                                     "file.")
                                      .arg(where, caFile);
    case Kind::WrongName:
        return tr("The certificate of the server is not for the name %1. Use the name that it was made for.")
            .arg(server.host());
    case Kind::WrongDate:
        return tr("The certificate of %1 has expired or is not valid yet. Check the date of this computer; if that is "
                  "right, whoever runs the server has to renew the certificate.")
            .arg(where);
    case Kind::TlsFailed:
        return tr("There is no secure connection to %1: %2").arg(where, answer.detail);
    case Kind::NoHttp:
        return tr("Somebody took the connection at %1 but is no web server. Check the port.").arg(where);
    case Kind::Unreachable:
        return tr("The server at %1 cannot be reached: %2").arg(where, answer.detail);
    }
    Q_UNREACHABLE();
}

void ServerCheck::Private::beginHandshake()
{
    dialer = std::make_unique<publisher::WebSocketDialer>(channel::ConnectorSettings{settings.channel, caFile}, clock);
    handshake = std::make_unique<Handshake>(*dialer, clock, settings.answerTimeout);
    handshake->start(publisher::controlChannelUrl(server), key,
                     [this](const Result<Handshake::Greeting> &greeting) { greeted(greeting); });
}

void ServerCheck::Private::greeted(const Result<Handshake::Greeting> &greeting)
{
    if (!greeting) {
        switch (greeting.error().code) {
        case ErrorCode::InvalidApiKey:
            return conclude(ErrorCode::InvalidApiKey,
                            tr("The server does not know this key; it may be revoked or expired. Ask whoever runs the "
                               "server for one with the scope \"publish\"."));
        case ErrorCode::ScopeMissing:
            return conclude(ErrorCode::ScopeMissing, tr("The server knows this key, but it may not publish. Ask for "
                                                        "one with the scope \"publish\"."));
        default:
            return conclude(ErrorCode::Io, greeting.error().message);
        }
    }
    greeting->channel->close(channel::CloseCode::Normal, QStringLiteral("This was a check."));
    const QString theirs = greeting->hello.serverVersion;
    const QString ours = QCoreApplication::applicationVersion();
    if (!ours.isEmpty() && generation(theirs) != generation(ours)) {
        conclude(std::nullopt, tr("The server takes this key. Its version is %1, yours %2: if something does not "
                                  "work, bring the older one up to date.")
                                   .arg(theirs, ours));
    } else {
        conclude(std::nullopt, tr("The server takes this key (version %1).").arg(theirs));
    }
}

void ServerCheck::Private::conclude(std::optional<ErrorCode> code, const QString &text)
{
    handshake.reset();
    Q_EMIT q.finished(code, text);
}

ServerCheck::ServerCheck(Clock &clock, QObject *parent, ServerCheckSettings settings)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, clock, std::move(settings)))
{}

ServerCheck::~ServerCheck() = default;

void ServerCheck::start(const QUrl &server, const QByteArray &key, const QString &caFile)
{
    cancel();
    d->server = server;
    d->key = key;
    d->caFile = caFile;
    d->soon.start(Duration::zero());
}

std::optional<QString> ServerCheck::objectionToCaFile(const QString &caFile)
{
    if (QSslCertificate::fromPath(caFile).isEmpty())
        return tr("There is no certificate in %1. It has to be a file in PEM format.").arg(caFile);
    return std::nullopt;
}

void ServerCheck::cancel()
{
    d->soon.stop();
    d->handshake.reset();
    d->dropProbe();
}

} // namespace hearth::discovery
