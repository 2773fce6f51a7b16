#include "codec.h"

#include "sessioncodec.h"
#include "taskcodec.h"

namespace hearth::channel {

namespace {

/// Tries the alternatives of Message one after the other until one has the name.
template <size_t Index = 0>
std::optional<Message> readNamed(const QByteArray &type, JsonReader &reader)
{
    if constexpr (Index < std::variant_size_v<Message>) {
        using M = std::variant_alternative_t<Index, Message>;
        if (QLatin1String(type) != Codec<M>::name)
            return readNamed<Index + 1>(type, reader);
        M message;
        Codec<M>::read(reader, message);
        return message;
    } else {
        return std::nullopt;
    }
}

} // namespace

QByteArray encode(const Message &message)
{
    QByteArray text;
    text.reserve(256);
    JsonWriter writer(text);
    std::visit(
        [&writer]<typename M>(const M &m) {
            writer.beginObject().field(QLatin1String("type"), Codec<M>::name);
            Codec<M>::write(writer, m);
            writer.endObject();
        },
        message);
    return text;
}

Result<std::variant<Message, UnknownMessage>> decode(const QByteArray &text)
{
    if (text.size() > maxMessageBytes)
        return Error{ErrorCode::ProtocolViolation, QStringLiteral("A control message is longer than 1 MiB.")};
    // A text that is too long for its field (a prompt) is the entry's defect and no reason to close the channel; the
    // message as a whole is bounded.
    JsonReader reader(text, {.stringBytes = maxMessageBytes});
    QByteArray type;
    reader.read("type", type);
    std::optional<Message> message;
    if (!reader.error())
        message = readNamed(type, reader);
    if (reader.error()) {
        return Error{ErrorCode::ProtocolViolation,
                     QStringLiteral("A control message cannot be read: %1.").arg(*reader.error())};
    }
    if (!message)
        return std::variant<Message, UnknownMessage>(UnknownMessage{QString::fromUtf8(type.left(64))});
    return std::variant<Message, UnknownMessage>(std::move(*message));
}

QLatin1String toString(ReportedState state)
{
    return spell(reportedStates, state);
}

} // namespace hearth::channel
