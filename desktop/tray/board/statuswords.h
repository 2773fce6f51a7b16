// The words of the face: one place for how states, ages and rates are called, so that icon, menu and window agree.
//
// Pure functions; everything is translated.

#pragma once

#include "publishersnapshot.h"

#include <QCoreApplication>

namespace hearth::board {

/// What the tray icon tells, the most urgent first.
enum class IndicatorState { Attention, Offline, Connecting, Waking, Resting, Busy, Idle };

inline constexpr IndicatorState allIndicatorStates[] = {
    IndicatorState::Attention, IndicatorState::Offline, IndicatorState::Connecting, IndicatorState::Waking,
    IndicatorState::Resting,   IndicatorState::Busy,    IndicatorState::Idle};

IndicatorState indicatorStateOf(const status::PublisherSnapshot &snapshot);

class StatusWords
{
    Q_DECLARE_TR_FUNCTIONS(hearth::board::StatusWords)

public:
    /// `Online`, `Waking`, `Paused`.
    static QString stateName(IndicatorState state);
    /// One line: `Online: 3 models, 2 requests running, heartbeat 4 s ago`.
    static QString summary(const status::PublisherSnapshot &snapshot);
    /// `active`, `asleep`, `backend down`, `paused`, `draining`, `offline`, `not published`, `name taken`, `waking: 12
    /// s of 120 s`. `connection` is that of its publisher: without one nobody can use what is published.
    static QString llmState(const status::LlmSnapshot &llm, publisher::ConnectionState connection);
    /// What the server or this program says about it beyond the state; empty where there is nothing to say.
    static QString llmDetail(const status::LlmSnapshot &llm, publisher::ConnectionState connection);
    /// What is wrong, and what to do where this house knows: in its own words, with what server, system or
    /// configuration say about it behind them.
    static QString attentionText(const status::Attention &attention);
    /// `just now`, `4 s ago`, `3 min ago`, `2 h ago`, `5 d ago`.
    static QString ago(Duration age);
    /// `4 s`, `3 min 20 s`, `2 h 5 min`.
    static QString span(Duration duration);
    /// What stands where there is no value: a dash.
    static QString nothing();
    /// `41 tokens/s`; a dash for none.
    static QString rate(double tokensPerSecond);
    /// `running its recipe`, `waiting for the backend`.
    static QString wakePhase(channel::WakePhase phase);
    /// What llmState() leaves unsaid: `running its recipe`, or `running its recipe, usually 40 s`.
    static QString wakeDetail(const publisher::WakeStatus &wake, std::optional<Duration> usual);
};

} // namespace hearth::board
