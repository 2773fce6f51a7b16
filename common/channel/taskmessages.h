// The control messages about tasks: one unit of work that the server sends to a publisher.
//
// A task is an `infer` (one HTTP exchange with the backend) or a `wake`. Every task ends with exactly one terminal
// message from the publisher: responseEnd, taskError, wakeResult or cancelled. Bodies travel in binary frames (see
// frame.h) under the credit that `window` messages grant. Header values are byte strings; a field that HTTP does not
// allow (RFC 9110 section 5) is left out when it is sent, and refused when it comes. Plain values.

#pragma once

#include "httpfields.h"
#include "ids.h"

#include <QString>

namespace hearth::channel {

/// Server → publisher: make this request to the backend of `llm`. `size` bytes of body follow in frames.
struct Infer
{
    TaskId task{};
    QString llm;
    /// Below the backend's base URL, for example `/chat/completions`.
    QByteArray path;
    /// Without the question mark; may be empty.
    QByteArray query;
    HttpFields headers;
    qint64 size = 0;
    /// Counts from 1; higher when an earlier attempt was lost before its first byte.
    int attempt = 1;

    friend bool operator==(const Infer &, const Infer &) = default;
};

/// Server → publisher: run the wake recipe of `llm`, or join the run that is under way.
struct Wake
{
    TaskId task{};
    QString llm;

    friend bool operator==(const Wake &, const Wake &) = default;
};

/// Server → publisher: stop this task. Ignored for a task that has ended.
struct Cancel
{
    TaskId task{};

    friend bool operator==(const Cancel &, const Cancel &) = default;
};

/// Both directions: the receiver of this task's body has room for `bytes` more.
struct Window
{
    TaskId task{};
    qint64 bytes = 0;

    friend bool operator==(const Window &, const Window &) = default;
};

enum class WakePhase { Recipe, Polling };

/// Publisher → server, on every tick of a wake.
struct WakeProgress
{
    TaskId task{};
    WakePhase phase = WakePhase::Recipe;
    /// Since the run began, which may be longer ago than the wake task that has joined it.
    int elapsedSeconds = 0;
    /// What the whole run may take.
    int limitSeconds = 0;

    friend bool operator==(const WakeProgress &, const WakeProgress &) = default;
};

/// Publisher → server, terminal: the backend answers, or the reason why it does not.
struct WakeResult
{
    TaskId task{};
    bool ok = false;
    /// Of the whole run.
    qint64 durationMs = 0;
    /// Of a failure, an ErrorCode in its wire spelling: `wake_timeout` when a limit has run out, `wake_failed` for all
    /// other causes. Empty on success.
    QString code = {};
    /// The real cause of a failure; empty on success.
    QString message = {};

    friend bool operator==(const WakeResult &, const WakeResult &) = default;
};

/// Publisher → server: the backend's answer has begun.
struct ResponseHead
{
    TaskId task{};
    /// 200 to 599.
    int status = 200;
    HttpFields headers;

    friend bool operator==(const ResponseHead &, const ResponseHead &) = default;
};

/// Publisher → server, terminal: the answer is complete.
struct ResponseEnd
{
    TaskId task{};

    friend bool operator==(const ResponseEnd &, const ResponseEnd &) = default;
};

/// Publisher → server, terminal: there is no (complete) answer.
struct TaskError
{
    TaskId task{};
    /// An ErrorCode in its wire spelling.
    QString code;
    QString message;

    friend bool operator==(const TaskError &, const TaskError &) = default;
};

/// Publisher → server, terminal: the task was cancelled and its backend connection is closed.
struct Cancelled
{
    TaskId task{};

    friend bool operator==(const Cancelled &, const Cancelled &) = default;
};

} // namespace hearth::channel
