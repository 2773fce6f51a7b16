// UsageController: `GET /api/v1/usage`: what has been used, by day, key and Llm. Main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

#include <QObject>

namespace hearth::api {

class UsageController final : public QObject
{
    Q_OBJECT

public:
    explicit UsageController(const ApiContext &context, QObject *parent = nullptr);

    /// An array of `{day, key, owner, llm, requests, succeeded, rejected, failed, refused, truncated, cancelled,
    /// inputTokens, outputTokens}`, sorted by day, key and Llm; without limits the last 30 days. Requests that never
    /// reached an Llm have the empty one, and are asked for with it. Administrators see all, everybody else what their
    /// owner's keys have used. `query` is what stands behind the question mark: `from` and `to` (days in UTC,
    /// YYYY-MM-DD), `key` and `llm`.
    void list(const domain::Principal &principal, QByteArrayView query, std::shared_ptr<Reply> reply);

private:
    const ApiContext &m_context;
};

} // namespace hearth::api
