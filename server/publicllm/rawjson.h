// Pieces of JSON text as they came, to be written into other JSON.
//
// A translation takes most of a request or answer apart, but some values are the caller's own: the schema of a tool, a
// call's arguments. They pass as they are, because the order of their members and the form of their numbers can matter
// to a model, and a tree forgets both. Pure functions.

#pragma once

#include <QByteArrayList>

#include <optional>

namespace hearth::publicllm {

/// The value of the member `key` of `object`; nothing where there is none, where there are several, or where the text
/// is not an object.
std::optional<QByteArray> rawMember(const QByteArray &object, QByteArrayView key);

/// The items of `array`, which must be valid JSON; none where it is not an array.
QByteArrayList rawItems(QByteArrayView array);

} // namespace hearth::publicllm
