// Snapshots of a publisher as tests and pictures want them: one box with three models, in every situation.
//
// Used by the tests of board and window. Plain values; each call makes a new one.

#pragma once

#include "publishersnapshot.h"

namespace hearth::board {

/// A published model that answers.
status::LlmSnapshot activeLlm(const QString &name);
status::LlmSnapshot sleepingLlm(const QString &name);
/// 12 s into a wake that may take 120 s.
status::LlmSnapshot wakingLlm(const QString &name);
status::LlmSnapshot unpublishedLlm(const QString &name);
status::RequestSnapshot request(quint64 task, const QString &llm, Duration age);

/// Online, nothing runs: one model answers, one sleeps, one is not published.
status::PublisherSnapshot idleSnapshot();
/// Two requests run on the first model.
status::PublisherSnapshot busySnapshot();
/// The second model is being woken.
status::PublisherSnapshot wakingSnapshot();
status::PublisherSnapshot offlineSnapshot();
status::PublisherSnapshot elsewhereSnapshot();
status::PublisherSnapshot unconfiguredSnapshot();
/// With two problems.
status::PublisherSnapshot brokenSnapshot();
status::PublisherSnapshot nowhereSnapshot();

} // namespace hearth::board
