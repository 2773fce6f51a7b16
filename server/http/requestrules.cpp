#include "requestrules.h"

#include <algorithm>

namespace hearth::http {

namespace {

/// Methods whose requests always have a body here, be it empty: without a length there may be one that nobody can find.
bool needsLength(Method method)
{
    return method == Method::Post || method == Method::Put || method == Method::Patch;
}

bool hasOtherExpectation(const HttpFields &fields)
{
    return std::any_of(fields.begin(), fields.end(), [](const HttpField &field) {
        return field.name.compare("expect", Qt::CaseInsensitive) == 0 &&
               field.value.compare("100-continue", Qt::CaseInsensitive) != 0;
    });
}

bool hasLength(const RequestHead &head, std::optional<qint64> contentLength)
{
    return contentLength != 0 || head.fields.contains("content-length");
}

} // namespace

Result<void> checkRequest(const RequestHead &head, std::optional<qint64> contentLength, const HttpLimits &limits,
                          qint64 freeBodyBytes)
{
    if (hasOtherExpectation(head.fields))
        return Error{ErrorCode::ExpectationFailed, QStringLiteral("The only expectation met here is 100-continue.")};
    if (needsLength(head.method) && !hasLength(head, contentLength))
        return Error{ErrorCode::LengthRequired, QStringLiteral("This request needs a Content-Length.")};
    if (contentLength > limits.body)
        return Error{ErrorCode::BodyTooLarge,
                     QStringLiteral("The request body is larger than %1 bytes.").arg(limits.body)};
    if (contentLength > freeBodyBytes)
        return overloadedByBodies();
    return {};
}

bool expectsContinue(const RequestHead &head)
{
    return head.minorVersion > 0 && head.fields.contains("expect");
}

Error overloadedByBodies()
{
    return {ErrorCode::Overloaded,
            QStringLiteral("The server has no memory for another request body; try again soon.")};
}

} // namespace hearth::http
