// AnswerRecorder: writes down what becomes of a relayed request, and does what the test wants in the middle of it.
//
// Stands where the api's controllers stand (ResponseSink), or where a RelayTask stands (TaskObserver). For the thread
// of the test.

#pragma once

#include "relaytask.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace hearth::testsupport {

class AnswerRecorder final : public relay::ResponseSink, public relay::TaskObserver
{
public:
    /// `delayed`, `head`, `body`, `ended`, `failed`: every call, in order; consecutive bodies count as one.
    QStringList calls;
    int status = 0;
    HttpFields fields;
    QByteArray body;
    std::optional<Error> error;
    /// Called last in every call, with its name.
    std::function<void(const QString &call)> reaction;

    bool hasEnded() const { return calls.contains(QStringLiteral("ended")); }

    ErrorCode errorCode() const { return error ? error->code : ErrorCode::Internal; }

    void answerDelayed() override { note(QStringLiteral("delayed")); }

    void answerHead(int newStatus, const HttpFields &newFields) override
    {
        status = newStatus;
        fields = newFields;
        note(QStringLiteral("head"));
    }

    void answerBody(QByteArrayView piece) override
    {
        body.append(piece);
        note(QStringLiteral("body"));
    }

    void answerEnded() override { note(QStringLiteral("ended")); }

    void answerFailed(const Error &newError) override
    {
        error = newError;
        note(QStringLiteral("failed"));
    }

    void taskHead(int newStatus, const HttpFields &newFields) override { answerHead(newStatus, newFields); }

    void taskBody(QByteArrayView piece) override { answerBody(piece); }

    void taskEnded() override { answerEnded(); }

    void taskFailed(const Error &newError) override { answerFailed(newError); }

private:
    void note(const QString &call)
    {
        if (call != QLatin1String("body") || calls.isEmpty() || calls.constLast() != call)
            calls.append(call);
        if (reaction)
            reaction(call);
    }
};

/// A request to `model` for /chat/completions with `body`, whose model value is found by the real scanner; without one,
/// a model is inserted.
relay::InferRequest makeRequest(const QString &model, QByteArray body);
relay::InferRequest makeRequest(const QString &model);

/// Who asks, with a key of this owner's.
domain::Principal caller(const QString &owner = QStringLiteral("alice"));

} // namespace hearth::testsupport
