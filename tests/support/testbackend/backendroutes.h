// BackendRoutes: decides what a request gets, and how broken.
//
// Called by BackendConnection for every complete request. It joins the directives of command line, header, query and
// body, checks the key, chooses the dialect, and answers the report routes under `/test/` from the log.

#pragma once

#include "answer.h"
#include "receivedrequest.h"
#include "testbackendsettings.h"

class QJsonObject;

namespace hearth::testbackend {

class RequestLog;

/// What is sent for one request, and how.
struct Plan
{
    Answer answer;
    Directives directives;
};

class BackendRoutes
{
public:
    /// Both must outlive the routes.
    BackendRoutes(const TestBackendSettings &settings, RequestLog &log)
        : m_settings(settings)
        , m_log(log)
    {}

    /// Whether the request asks for the report; such requests are no part of it.
    static bool isReport(const ReceivedRequest &request) { return request.path.startsWith("/test/"); }

    Plan plan(const ReceivedRequest &request, const QJsonObject &body) const;

private:
    Answer reportAnswer(const ReceivedRequest &request) const;
    Answer modelsAnswer(const ReceivedRequest &request) const;
    bool authorized(const ReceivedRequest &request) const;
    Result<Directives> directivesOf(const ReceivedRequest &request, const QJsonObject &body) const;

    const TestBackendSettings &m_settings;
    RequestLog &m_log;
};

} // namespace hearth::testbackend
