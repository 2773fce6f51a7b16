// Recorder: a TransferHandler that notes what it is told, and runs what a test wants to happen at that moment.

#pragma once

#include "httpclient.h"

#include <functional>

class Recorder final : public hearth::httpclient::TransferHandler
{
public:
    void responseHead(int newStatus, const hearth::HttpFields &newFields) override
    {
        ++heads;
        status = newStatus;
        fields = newFields;
        call(onHead);
    }

    void responseBody(QByteArrayView piece) override
    {
        ++pieces;
        body += piece;
        call(onBody);
    }

    void readyForBody() override
    {
        ++ready;
        call(onReady);
    }

    void finished(const hearth::Result<void> &newResult) override
    {
        ++ends;
        result = newResult;
        call(onFinished);
    }

    bool succeeded() const { return ends == 1 && result->ok(); }

    bool failedWith(hearth::ErrorCode code) const { return ends == 1 && !*result && result->error().code == code; }

    QString message() const { return result && !*result ? result->error().message : QString(); }

    int heads = 0;
    int status = 0;
    hearth::HttpFields fields;
    int pieces = 0;
    QByteArray body;
    int ready = 0;
    int ends = 0;
    std::optional<hearth::Result<void>> result;

    std::function<void()> onHead;
    std::function<void()> onBody;
    std::function<void()> onReady;
    std::function<void()> onFinished;

private:
    // A copy, as what is called may replace or destroy the function.
    static void call(const std::function<void()> function)
    {
        if (function)
            function();
    }
};
