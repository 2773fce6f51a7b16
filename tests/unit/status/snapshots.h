// Snapshots for tests.

#pragma once

#include "publishersnapshot.h"

/// One in which every field has another value than by default.
inline hearth::status::PublisherSnapshot fullSnapshot()
{
    using namespace hearth;
    using namespace hearth::status;
    using namespace std::chrono_literals;

    const QString name = QStringLiteral("büro \"one\"\n");
    return {.situation = Situation::Here,
            .program = QStringLiteral("hearth-publisher"),
            .processId = 4711,
            .configFile = QStringLiteral("/etc/hearth/publisher.yaml"),
            .name = QStringLiteral("gpu-box"),
            .server = QUrl(QStringLiteral("https://llm.example.org:4327/a%20b")),
            .state = publisher::ConnectionState::Online,
            .problem = QStringLiteral("All is lost."),
            .connection = ConnectionSnapshot{.serverVersion = QStringLiteral("0.1.0"),
                                             .epoch = (quint64{1} << 53) - 1,
                                             .age = 3h,
                                             .roundTrip = 12ms,
                                             .heartbeatAge = 4s},
            .retryIn = 30s,
            .intake = publisher::Intake::Draining,
            .pauseReason = QStringLiteral("on battery"),
            .llms = {{.name = name,
                      .model = QStringLiteral("test-model"),
                      .backend = QStringLiteral("127.0.0.1:8000"),
                      .isPublished = true,
                      .state = channel::ReportedState::Draining,
                      .outcome = channel::EntryOutcome{name, channel::EntryStatus::Conflict, QStringLiteral("Taken.")},
                      .running = 2,
                      .maxConcurrency = 4,
                      .tokensPerSecond = 41.5,
                      .canBeWoken = true,
                      .wake = publisher::WakeStatus{channel::WakePhase::Polling, 12s, 120s},
                      .lastRequestAge = 5s},
                     {}},
            .requests = {{.task = TaskId{77},
                          .llm = name,
                          .path = QStringLiteral("/chat/completions"),
                          .isStream = true,
                          .age = 1500ms,
                          .tokens = 99,
                          .tokensPerSecond = 40.25}},
            .lastHour = {{1, 2}, {3, 4}},
            .attentions = {{Attention::Kind::NameTaken, name, QStringLiteral("Choose another one.")}}};
}
