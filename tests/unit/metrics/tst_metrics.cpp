// Metrics: what is counted under which name and label, that the text is well-formed, and that no name gets into it.

#include "metrics.h"
#include "metricstext.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using metering::Operation;
using metrics::LiveState;
using relay::Outcome;
using relay::RequestRecord;

namespace {

using Labels = MetricsText::Labels;

const QString requests = QStringLiteral("hearth_requests_total");
const QString duration = QStringLiteral("gen_ai_server_request_duration_seconds");
const QString firstToken = QStringLiteral("gen_ai_server_time_to_first_token_seconds");
const QString perToken = QStringLiteral("gen_ai_server_time_per_output_token_seconds");
const QString tokens = QStringLiteral("gen_ai_client_token_usage");

/// The labels that a metric of the GenAI conventions has, and `more`.
Labels genAi(const char *operation, const Labels &more = {})
{
    Labels labels{{QStringLiteral("gen_ai_operation_name"), QString::fromLatin1(operation)},
                  {QStringLiteral("gen_ai_provider_name"), QStringLiteral("hearth")}};
    labels.insert(more);
    return labels;
}

Labels label(const char *name, const QByteArray &value)
{
    return {{QString::fromLatin1(name), QString::fromLatin1(value)}};
}

RequestRecord streamed()
{
    RequestRecord record;
    record.outcome = Outcome::Succeeded;
    record.status = 200;
    record.streamed = true;
    record.attempts = 1;
    record.queued = 30ms;
    record.firstByte = 200ms;
    record.total = 1100ms;
    record.usage = metering::TokenUsage{12, 10};
    record.requestBytes = 100;
    record.answerBytes = 2000;
    return record;
}

RequestRecord failed(Outcome outcome, ErrorCode error)
{
    RequestRecord record;
    record.outcome = outcome;
    record.error = error;
    return record;
}

} // namespace

class TestMetrics final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_metrics = std::make_unique<metrics::Metrics>(m_clock, metrics::MetricsSettings{}, version); }

    void cleanup() { m_metrics.reset(); }

    void saysWhatRuns();
    void successIsTimedAndHasNoErrorType();
    void endIsCountedByItsKind_data();
    void endIsCountedByItsKind();
    void operationsAreToldApart();
    void tokensAreCounted();
    void onlyStreamsHaveAFirstToken();
    void oneTokenHasNoSpeed();
    void waitOfThoseWhoWaited();
    void attemptsOfThoseWhoWereSent();
    void bytesAreAddedUp();
    void onlyStreamsAreCut();
    void wakesAreCounted();
    void stateIsThatOfTheMoment();
    void namesNeverShow();

private:
    static inline const QString version = QStringLiteral("1.2.3");

    void end(const RequestRecord &record) { m_metrics->requestEnded(record); }

    MetricsText text(const LiveState &now = {}) const
    {
        MetricsText text(m_metrics->text(now));
        if (!text.problems().isEmpty())
            qFatal("%s", qPrintable(text.problems().join(u'\n')));
        return text;
    }

    FakeClock m_clock;
    std::unique_ptr<metrics::Metrics> m_metrics;
};

void TestMetrics::saysWhatRuns()
{
    QCOMPARE(text().value(QStringLiteral("hearth_build_info"), label("version", "1.2.3")), 1);
}

void TestMetrics::successIsTimedAndHasNoErrorType()
{
    end(streamed());
    const MetricsText all = text();
    QCOMPARE(all.type(duration), QStringLiteral("histogram"));
    QCOMPARE(all.value(duration + u"_count", genAi("chat")), 1);
    QCOMPARE(all.value(duration + u"_sum", genAi("chat")), 1.1);
    // 0.64 < 1.1 <= 1.28
    QCOMPARE(all.value(duration + u"_bucket", genAi("chat", label("le", "0.64"))), 0);
    QCOMPARE(all.value(duration + u"_bucket", genAi("chat", label("le", "1.28"))), 1);
    QCOMPARE(all.value(firstToken + u"_sum", genAi("chat")), 0.2);
    // 0.9 s for the nine tokens after the first.
    QCOMPARE(all.value(perToken + u"_sum", genAi("chat")), 0.1);
}

void TestMetrics::endIsCountedByItsKind_data()
{
    QTest::addColumn<RequestRecord>("record");
    QTest::addColumn<QByteArray>("outcome");
    QTest::addColumn<QByteArray>("errorType");
    const auto row = [](const char *name, const RequestRecord &record, const char *outcome, const char *errorType) {
        QTest::newRow(name) << record << QByteArray(outcome) << QByteArray(errorType);
    };
    RequestRecord rejected;
    rejected.outcome = Outcome::Rejected;
    rejected.status = 422;
    row("the backend blames the client", rejected, "rejected", "backend_4xx");
    rejected.status = 500;
    row("the backend blames itself", rejected, "rejected", "backend_5xx");
    row("failed", failed(Outcome::Failed, ErrorCode::PublisherLost), "failed", "publisher_lost");
    row("refused", failed(Outcome::Refused, ErrorCode::QueueFull), "refused", "queue_full");
    row("rate limited", failed(Outcome::Refused, ErrorCode::RateLimited), "refused", "rate_limited");
    row("truncated", failed(Outcome::Truncated, ErrorCode::BackendTimeout), "truncated", "backend_timeout");
    RequestRecord cancelled;
    cancelled.outcome = Outcome::Cancelled;
    row("the client left", cancelled, "cancelled", "cancelled");
}

void TestMetrics::endIsCountedByItsKind()
{
    QFETCH(RequestRecord, record);
    QFETCH(QByteArray, outcome);
    QFETCH(QByteArray, errorType);
    end(record);
    end(record);
    const MetricsText all = text();
    Labels labels = label("outcome", outcome);
    labels.insert(label("operation", "chat"));
    QCOMPARE(all.value(requests, labels), 2);
    QCOMPARE(all.value(duration + u"_count", genAi("chat", label("error_type", errorType))), 2);
    QVERIFY(!all.value(duration + u"_count", genAi("chat")));
    QVERIFY(!all.value(firstToken + u"_count", genAi("chat")));
    const int refusals = record.outcome == Outcome::Refused ? 2 : 0;
    QCOMPARE(all.value(QStringLiteral("hearth_refusals_total"), label("code", errorType)).value_or(0), refusals);
}

void TestMetrics::operationsAreToldApart()
{
    for (const Operation operation : {Operation::Chat, Operation::TextCompletion, Operation::Embeddings,
                                      Operation::Responses, Operation::Rerank, Operation::Messages}) {
        RequestRecord record = streamed();
        record.operation = operation;
        end(record);
    }
    const MetricsText all = text();
    for (const char *name : {"chat", "text_completion", "embeddings", "responses", "rerank", "messages"})
        QCOMPARE(all.value(duration + u"_count", genAi(name)), 1);
}

void TestMetrics::tokensAreCounted()
{
    end(streamed());
    RequestRecord truncated = failed(Outcome::Truncated, ErrorCode::PublisherLost);
    truncated.usage = metering::TokenUsage{5, 3};
    end(truncated);
    const MetricsText all = text();
    QCOMPARE(all.value(tokens + u"_sum", genAi("chat", label("gen_ai_token_type", "input"))), 17);
    QCOMPARE(all.value(tokens + u"_sum", genAi("chat", label("gen_ai_token_type", "output"))), 13);
    Labels bucket = label("gen_ai_token_type", "input");
    bucket.insert(label("le", "4"));
    QCOMPARE(all.value(tokens + u"_bucket", genAi("chat", bucket)), 0);
    bucket.insert(label("le", "16"));
    QCOMPARE(all.value(tokens + u"_bucket", genAi("chat", bucket)), 2);
}

void TestMetrics::onlyStreamsHaveAFirstToken()
{
    RequestRecord whole = streamed();
    whole.streamed = false;
    end(whole);
    QVERIFY(!text().value(firstToken + u"_count", genAi("chat")));
    QVERIFY(!text().value(perToken + u"_count", genAi("chat")));
}

void TestMetrics::oneTokenHasNoSpeed()
{
    RequestRecord record = streamed();
    record.usage->output = 1;
    end(record);
    record.usage.reset();
    end(record);
    QCOMPARE(text().value(firstToken + u"_count", genAi("chat")), 2);
    QVERIFY(!text().value(perToken + u"_count", genAi("chat")));
}

void TestMetrics::waitOfThoseWhoWaited()
{
    const QString wait = QStringLiteral("hearth_queue_wait_seconds");
    end(failed(Outcome::Refused, ErrorCode::QueueFull));
    QCOMPARE(text().value(wait + u"_count"), 0);
    RequestRecord tooLong = failed(Outcome::Refused, ErrorCode::QueueTimeout);
    tooLong.queued = 120s;
    end(tooLong);
    RequestRecord served = streamed();
    served.queued = 0ms;
    end(served);
    QCOMPARE(text().value(wait + u"_count"), 2);
    QCOMPARE(text().value(wait + u"_sum"), 120);
}

void TestMetrics::attemptsOfThoseWhoWereSent()
{
    const QString attempts = QStringLiteral("hearth_request_attempts");
    end(failed(Outcome::Refused, ErrorCode::QueueFull));
    RequestRecord record = streamed();
    end(record);
    record.attempts = 3;
    end(record);
    QCOMPARE(text().value(attempts + u"_count"), 2);
    QCOMPARE(text().value(attempts + u"_bucket", label("le", "1")), 1);
    QCOMPARE(text().value(attempts + u"_sum"), 4);
}

void TestMetrics::bytesAreAddedUp()
{
    end(streamed());
    end(streamed());
    const QString bytes = QStringLiteral("hearth_bytes_total");
    QCOMPARE(text().type(bytes), QStringLiteral("counter"));
    QCOMPARE(text().value(bytes, label("direction", "request")), 200);
    QCOMPARE(text().value(bytes, label("direction", "answer")), 4000);
}

void TestMetrics::onlyStreamsAreCut()
{
    const QString cut = QStringLiteral("hearth_streams_cut_total");
    RequestRecord record = failed(Outcome::Truncated, ErrorCode::PublisherLost);
    end(record);
    QVERIFY(!text().value(cut, label("reason", "publisher_lost")));
    record.streamed = true;
    end(record);
    QCOMPARE(text().value(cut, label("reason", "publisher_lost")), 1);
}

void TestMetrics::wakesAreCounted()
{
    m_metrics->wakeEnded({std::nullopt, 45s});
    m_metrics->wakeEnded({ErrorCode::WakeFailed, 7s});
    m_metrics->wakeEnded({ErrorCode::WakeTimeout, 60s});
    m_metrics->wakeEnded({ErrorCode::PublisherLost, 3s});
    const MetricsText all = text();
    for (const char *outcome : {"succeeded", "failed", "timed_out", "publisher_lost"})
        QCOMPARE(all.value(QStringLiteral("hearth_wakes_total"), label("outcome", outcome)), 1);
    // How long it takes to fail is no use to those who wait.
    QCOMPARE(all.value(QStringLiteral("hearth_wake_duration_seconds_sum")), 45);
}

void TestMetrics::stateIsThatOfTheMoment()
{
    using domain::LlmStatus;
    using metrics::SessionState;
    LiveState now{.llms = {{LlmStatus::Active, 3}, {LlmStatus::Hibernating, 2}, {LlmStatus::Inactive, 0}},
                  .sessions = {{SessionState::Bound, 4}, {SessionState::Away, 1}},
                  .heartbeatAge = 1500ms,
                  .waiting = 7,
                  .inFlight = 19};
    const MetricsText busy = text(now);
    QCOMPARE(busy.type(QStringLiteral("hearth_llms")), QStringLiteral("gauge"));
    QCOMPARE(busy.value(QStringLiteral("hearth_llms"), label("status", "active")), 3);
    QCOMPARE(busy.value(QStringLiteral("hearth_llms"), label("status", "hibernating")), 2);
    QCOMPARE(busy.value(QStringLiteral("hearth_llms"), label("status", "inactive")), 0);
    QCOMPARE(busy.value(QStringLiteral("hearth_sessions"), label("state", "bound")), 4);
    QCOMPARE(busy.value(QStringLiteral("hearth_sessions"), label("state", "away")), 1);
    QCOMPARE(busy.value(QStringLiteral("hearth_heartbeat_age_seconds")), 1.5);
    QCOMPARE(busy.value(QStringLiteral("hearth_queue_depth")), 7);
    QCOMPARE(busy.value(QStringLiteral("hearth_requests_in_flight")), 19);
    now.waiting = 0;
    QCOMPARE(text(now).value(QStringLiteral("hearth_queue_depth")), 0);
}

void TestMetrics::namesNeverShow()
{
    end(streamed());
    end(failed(Outcome::Refused, ErrorCode::ModelNotFound));
    const QStringList before = text().series();
    const QByteArray marker = "nobody-else-is-called-so";
    for (const char *hostile :
         {"", "\"} 1\nevil_total 1\n", "\n# TYPE evil counter\n", "{le=\"+Inf\"}", "\\", "\u00e4"}) {
        for (RequestRecord record : {streamed(), failed(Outcome::Refused, ErrorCode::ModelNotFound)}) {
            const QString name = QString::fromUtf8(marker + hostile);
            record.owner = record.keyName = record.model = record.llm = name;
            record.key = ApiKeyId::create();
            end(record);
        }
    }
    QCOMPARE(text().series(), before);
    QVERIFY(!m_metrics->text({}).contains(marker));
    QVERIFY(!m_metrics->text({}).contains("evil"));
}

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
