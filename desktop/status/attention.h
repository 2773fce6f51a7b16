// Attention: one thing that needs a person. A plain value.
//
// The tray icon turns to attention while there is one; a notification is shown once for each. Two are the same cause
// when kind and subject are equal, whatever their text.

#pragma once

#include <QString>

namespace hearth::status {

struct Attention
{
    enum class Kind {
        /// The server refuses the key.
        KeyRefused,
        /// The key is in a keyring that is locked.
        KeyringLocked,
        /// There is no key where the configuration says that it is.
        KeyMissing,
        /// The configuration cannot be used; the running settings are kept where there are some.
        ConfigBroken,
        /// The latest change that was made from a menu or a window is not in the configuration.
        NotSaved,
        /// Another publisher has taken over this provider session.
        Replaced,
        /// The name of an Llm or agent belongs to somebody else.
        NameTaken,
        /// The server does not take an Llm or agent as it is.
        EntryRefused,
        /// The latest wake of an Llm has failed.
        WakeFailed,
        /// A published backend without a wake recipe was there and is gone.
        BackendLost,
    };

    Kind kind = Kind::ConfigBroken;
    /// The name of the Llm or agent; empty where none is meant.
    QString subject = {};
    /// What is wrong and what to do, in complete sentences.
    QString text = {};

    friend bool operator==(const Attention &, const Attention &) = default;
};

} // namespace hearth::status
