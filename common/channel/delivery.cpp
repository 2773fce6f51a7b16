#include "delivery.h"

#include "frame.h"
#include "logging.h"

namespace hearth::channel {

std::optional<CloseReason> deliverMessage(const QByteArray &text, ChannelListener &listener, quint64 &ignored)
{
    const auto decoded = decode(text);
    if (!decoded)
        return CloseReason{static_cast<int>(CloseCode::InvalidPayload), decoded.error().message};
    if (const auto *message = std::get_if<Message>(&*decoded)) {
        listener.messageReceived(*message);
        return std::nullopt;
    }
    qCDebug(lcChannel) << "ignored a message of unknown type" << std::get<UnknownMessage>(*decoded).type;
    ++ignored;
    return std::nullopt;
}

std::optional<CloseReason> deliverFrame(QByteArrayView frame, ChannelListener &listener, quint64 &ignored)
{
    const auto header = parseFrame(frame);
    if (!header)
        return CloseReason{static_cast<int>(CloseCode::PolicyViolation), header.error().message};
    if (*header)
        listener.bodyReceived((*header)->task, frame.sliced(frameHeaderBytes));
    else
        ++ignored;
    return std::nullopt;
}

} // namespace hearth::channel
