#include "modelbody.h"

#include "bodyscanner.h"
#include "conversation.h"

namespace hearth::api {

Result<relay::RequestBody> modelBody(QByteArray body, const json::ObjectScan &scan, bool asksForUsage)
{
    std::optional<metering::BodyEdit> usage;
    if (asksForUsage) {
        auto edit = metering::usageRequest(body, scan.values[BodyMember::StreamOptions], scan.firstMember);
        if (!edit)
            return edit.error();
        usage = std::move(*edit);
    }
    const std::optional<json::Span> place = scan.values[BodyMember::Model];
    relay::RequestBody made = place ? relay::RequestBody::withModelAt(std::move(body), *place)
                                    : relay::RequestBody::withoutModel(std::move(body), scan.firstMember, scan.empty);
    made.setUsageEdit(std::move(usage));
    return made;
}

std::optional<quint64> conversationIn(const QByteArray &body, const json::ObjectScan &scan, const ApiKeyId &key)
{
    const auto textOf = [&](size_t member) {
        const std::optional<json::Span> place = scan.values[member];
        return place ? part(body, *place) : QByteArrayView();
    };
    return scheduling::conversationOf(key, textOf(BodyMember::User), textOf(BodyMember::Messages));
}

} // namespace hearth::api
