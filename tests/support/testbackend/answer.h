// Answer: what is sent for one request, before any failure mode is applied to the sending.
//
// Made by the functions of answers.h and the routes, sent by AnswerSender. Plain values; one thread.

#pragma once

#include "httpfields.h"

#include <QByteArrayList>

#include <functional>
#include <optional>

namespace hearth::testbackend {

/// The body in the order in which it is sent. Pieces are made when their turn comes, so long bodies cost no memory.
struct Pieces
{
    qint64 count = 0;
    /// The piece with an index below `count`.
    std::function<QByteArray(qint64)> piece;
};

struct Answer
{
    int status = 200;
    HttpFields fields;
    Pieces pieces;
    /// Of the whole body, in bytes. Without it the answer is a stream whose pieces are events, sent at a rate.
    std::optional<qint64> length;

    bool isStream() const { return !length.has_value(); }
};

/// A body with its length, in two pieces or more so that it can be cut in the middle.
Answer wholeAnswer(int status, const QByteArray &body, const QByteArray &contentType = "application/json");

/// An event stream: `before`, then `count` pieces of `middle`, then `after`.
Answer streamAnswer(const QByteArrayList &before, const Pieces &middle, const QByteArrayList &after);

/// The same answer with JSON that ends too early: a whole body loses its second half, a stream that of its second
/// event.
Answer withTruncatedJson(const Answer &answer);

/// `data: …`, as the OpenAI routes frame it.
QByteArray dataEvent(QByteArrayView json);
/// `event: …` and `data: …`; `type` becomes the event's name.
QByteArray namedEvent(QByteArrayView type, QByteArrayView json);

} // namespace hearth::testbackend
