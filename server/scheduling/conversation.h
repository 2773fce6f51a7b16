// By what a conversation is recognised: its `user`, or else how it begins.
//
// The api asks for requests to pools. Prompt caches are warm on the box that has seen the beginning of a conversation
// before. Pure functions.

#pragma once

#include "apikey.h"

#include <QByteArrayView>

#include <optional>

namespace hearth::scheduling {

/// The same number for all requests of one key that name the same user, or whose messages begin alike up to and with
/// the first one of the user. `user` is the JSON literal of the body's member, `messages` the text of its array; each
/// is empty where there is none. Nothing when nothing can be told. Of either no more than the first 64 KiB are looked
/// at, so that a large body costs no more than a small one: what is alike for so long goes on alike.
std::optional<quint64> conversationOf(const ApiKeyId &key, QByteArrayView user, QByteArrayView messages);

} // namespace hearth::scheduling
