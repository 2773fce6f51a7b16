#include "handshake.h"

#include "logging.h"

namespace hearth::publisher {

Handshake::Handshake(Dialer &dialer, Clock &clock, Duration helloTimeout)
    : m_dialer(dialer)
    , m_helloTimeout(helloTimeout)
    , m_helloTimer(clock, [this] {
        finish(
            Error{ErrorCode::Io, QStringLiteral("The server took the control channel but did not say hello in time.")});
    })
{}

Handshake::~Handshake()
{
    m_dialer.cancel();
}

void Handshake::start(const QUrl &url, const QByteArray &key, Done done)
{
    m_done = std::move(done);
    m_dialer.dial(url, key, [this](Result<std::unique_ptr<channel::Channel>> result) { dialed(std::move(result)); });
}

void Handshake::dialed(Result<std::unique_ptr<channel::Channel>> result)
{
    if (!result)
        return finish(result.error());
    m_channel = std::move(result).value();
    m_helloTimer.start(m_helloTimeout);
    m_channel->setListener(*this);
}

void Handshake::messageReceived(const channel::Message &message)
{
    if (const auto *hello = std::get_if<channel::Hello>(&message))
        return finish(Greeting{std::move(m_channel), *hello});
    if (const auto *notice = std::get_if<channel::ErrorNotice>(&message))
        qCWarning(lcPublisher).noquote() << "The server says:" << notice->message;
}

void Handshake::bodyReceived(TaskId, QByteArrayView)
{
    // There are no tasks yet.
}

void Handshake::closed(const channel::CloseReason &reason)
{
    const ErrorCode code =
        reason.code == static_cast<int>(channel::CloseCode::KeyRefused) ? ErrorCode::InvalidApiKey : ErrorCode::Io;
    finish(Error{code, QStringLiteral("The server closed the control channel before it said hello: %1")
                           .arg(reason.text.isEmpty() ? QString::number(reason.code) : reason.text)});
}

void Handshake::finish(Result<Greeting> result)
{
    m_helloTimer.stop();
    m_channel.reset();
    // The function may destroy this object, and with it the function.
    const Done done = std::move(m_done);
    done(std::move(result));
}

} // namespace hearth::publisher
