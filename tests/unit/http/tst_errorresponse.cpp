#include "errorresponse.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestErrorResponse final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void maps_data();
    void maps();
    void speaksAnthropic();
    void escapesTheMessage();
    void saysWhatIsNotToBeRetried();
    void boundsRetryAfter_data();
    void boundsRetryAfter();
};

void TestErrorResponse::maps_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("openAi");
    QTest::addColumn<QString>("anthropic");
    QTest::addColumn<bool>("retry");
    const auto row = [](ErrorCode code, int status, const char *openAi, const char *anthropic, bool retry = false) {
        QTest::newRow(toString(code).data())
            << code << status << QString::fromLatin1(openAi) << QString::fromLatin1(anthropic) << retry;
    };
    const char *const invalid = "invalid_request_error";
    row(ErrorCode::InvalidJson, 400, invalid, invalid);
    row(ErrorCode::InvalidRequest, 400, invalid, invalid);
    row(ErrorCode::InvalidApiKey, 401, "authentication_error", "authentication_error");
    row(ErrorCode::ScopeMissing, 403, "permission_error", "permission_error");
    row(ErrorCode::RouteNotFound, 404, invalid, "not_found_error");
    row(ErrorCode::NotFound, 404, invalid, "not_found_error");
    row(ErrorCode::ModelNotFound, 404, invalid, "not_found_error");
    row(ErrorCode::MethodNotAllowed, 405, invalid, invalid);
    row(ErrorCode::RequestTimeout, 408, invalid, invalid);
    row(ErrorCode::Conflict, 409, invalid, invalid);
    row(ErrorCode::LengthRequired, 411, invalid, invalid);
    row(ErrorCode::PreconditionFailed, 412, invalid, invalid);
    row(ErrorCode::BodyTooLarge, 413, invalid, "request_too_large");
    row(ErrorCode::UriTooLong, 414, invalid, invalid);
    row(ErrorCode::UnsupportedMediaType, 415, invalid, invalid);
    row(ErrorCode::ExpectationFailed, 417, invalid, invalid);
    row(ErrorCode::HeadTooLarge, 431, invalid, invalid);
    row(ErrorCode::NotImplemented, 501, "server_error", "api_error");
    row(ErrorCode::HttpVersionNotSupported, 505, "server_error", "api_error");
    row(ErrorCode::QueueFull, 429, "rate_limit_error", "rate_limit_error", true);
    row(ErrorCode::RateLimited, 429, "rate_limit_error", "rate_limit_error", true);
    row(ErrorCode::QueueTimeout, 503, "server_error", "overloaded_error", true);
    row(ErrorCode::Overloaded, 503, "server_error", "overloaded_error", true);
    row(ErrorCode::StorageUnavailable, 503, "server_error", "overloaded_error", true);
    row(ErrorCode::ShuttingDown, 503, "server_error", "overloaded_error", true);
    row(ErrorCode::PublisherOffline, 503, "server_error", "overloaded_error");
    row(ErrorCode::PublisherLost, 502, "server_error", "api_error");
    row(ErrorCode::BackendUnreachable, 502, "server_error", "api_error");
    row(ErrorCode::BackendTimeout, 504, "server_error", "timeout_error");
    row(ErrorCode::BackendError, 502, "server_error", "api_error");
    row(ErrorCode::WakeFailed, 503, "server_error", "overloaded_error");
    row(ErrorCode::WakeTimeout, 504, "server_error", "timeout_error");
    row(ErrorCode::Cancelled, 500, "server_error", "api_error");
    row(ErrorCode::CancelledByOwner, 502, "server_error", "api_error");
    row(ErrorCode::Internal, 500, "server_error", "api_error");
}

void TestErrorResponse::maps()
{
    QFETCH(ErrorCode, code);
    QFETCH(int, status);
    QFETCH(QString, openAi);
    QFETCH(QString, anthropic);
    QFETCH(bool, retry);
    const Error error{code, QStringLiteral("Why."), QStringLiteral("model")};

    const Response response = errorResponse(error, ErrorShape::OpenAi);
    QCOMPARE(response.status, status);
    QCOMPARE(response.fields.value("content-type"), QByteArray("application/json"));
    QCOMPARE(response.fields.contains("retry-after"), retry);
    const QJsonObject expected{{QStringLiteral("message"), QStringLiteral("Why.")},
                               {QStringLiteral("type"), openAi},
                               {QStringLiteral("param"), QStringLiteral("model")},
                               {QStringLiteral("code"), toString(code)}};
    QCOMPARE(QJsonDocument::fromJson(response.body).object(), (QJsonObject{{QStringLiteral("error"), expected}}));

    const QJsonObject body = QJsonDocument::fromJson(errorBody(error, ErrorShape::Anthropic)).object();
    QCOMPARE(body[QStringLiteral("error")].toObject()[QStringLiteral("type")].toString(), anthropic);
}

void TestErrorResponse::speaksAnthropic()
{
    const Error error{ErrorCode::ModelNotFound, QStringLiteral("Why.")};
    QCOMPARE(errorResponse(error, ErrorShape::Anthropic).body,
             QByteArray(R"({"error":{"message":"Why.","type":"not_found_error"},"type":"error"})"));
    QCOMPARE(errorBody(error, ErrorShape::Anthropic, "r-1"),
             QByteArray(R"({"error":{"message":"Why.","type":"not_found_error"},"request_id":"r-1","type":"error"})"));
}

void TestErrorResponse::escapesTheMessage()
{
    const QString message = QStringLiteral("\"quoted\"\n\u00e9 \\");
    const QByteArray body = errorBody({ErrorCode::Internal, message}, ErrorShape::OpenAi);
    QVERIFY(!body.contains('\n'));
    const QJsonObject error = QJsonDocument::fromJson(body).object()[QStringLiteral("error")].toObject();
    QCOMPARE(error[QStringLiteral("message")].toString(), message);
    QVERIFY(error[QStringLiteral("param")].isNull());
}

void TestErrorResponse::saysWhatIsNotToBeRetried()
{
    using enum ErrorCode;
    for (const ErrorCode code : {Conflict, NotImplemented, HttpVersionNotSupported, BackendTimeout, CancelledByOwner}) {
        const Response response = errorResponse({code, QStringLiteral("Why.")}, ErrorShape::OpenAi);
        QCOMPARE(response.fields.value("x-should-retry"), QByteArray("false"));
        QVERIFY(!response.fields.contains("retry-after"));
    }
    for (const ErrorCode code : {QueueFull, QueueTimeout, ShuttingDown, PublisherOffline, PublisherLost,
                                 BackendUnreachable, WakeFailed, WakeTimeout, RequestTimeout, Internal})
        QVERIFY(!errorResponse({code, QStringLiteral("Why.")}, ErrorShape::OpenAi).fields.contains("x-should-retry"));
}

void TestErrorResponse::boundsRetryAfter_data()
{
    QTest::addColumn<int>("asked");
    QTest::addColumn<int>("least");
    QTest::addColumn<int>("most");
    QTest::newRow("unknown") << -1 << 1 << 5;
    QTest::newRow("0 s") << 0 << 1 << 1;
    QTest::newRow("17 s") << 17 << 17 << 17;
    QTest::newRow("an hour") << 3600 << 59 << 59;
}

void TestErrorResponse::boundsRetryAfter()
{
    QFETCH(int, asked);
    QFETCH(int, least);
    QFETCH(int, most);
    Error error{ErrorCode::QueueFull, QStringLiteral("Full.")};
    if (asked >= 0)
        error.retryAfter = std::chrono::seconds(asked);
    for (int i = 0; i < 50; ++i) {
        const int seconds = errorResponse(error, ErrorShape::OpenAi).fields.value("retry-after").toInt();
        QVERIFY(seconds >= least && seconds <= most);
    }
}

QTEST_APPLESS_MAIN(TestErrorResponse)
#include "tst_errorresponse.moc"
