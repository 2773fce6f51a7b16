// The fields of a PublisherSnapshot by their names, and the spelling of its enumerations.
//
// For snapshotcodec.cpp only. Each list of fields exists once and serves both ways: `visit` is called with the name and
// the member of each field, to write it or to read it.

#pragma once

#include "publishersnapshot.h"

#include <array>

namespace hearth::status {

template <typename Enum>
struct Spelling
{
    Enum value;
    QLatin1String text;
};

/// One for each enumeration.
template <typename Enum>
inline constexpr std::nullptr_t spellings = nullptr;

template <>
inline constexpr std::array spellings<Situation>{
    Spelling<Situation>{Situation::Unconfigured, QLatin1String("unconfigured")},
    Spelling<Situation>{Situation::Broken, QLatin1String("broken")},
    Spelling<Situation>{Situation::Here, QLatin1String("here")},
    Spelling<Situation>{Situation::Elsewhere, QLatin1String("elsewhere")},
    Spelling<Situation>{Situation::Nowhere, QLatin1String("nowhere")},
};

template <>
inline constexpr std::array spellings<publisher::ConnectionState>{
    Spelling<publisher::ConnectionState>{publisher::ConnectionState::Offline, QLatin1String("offline")},
    Spelling<publisher::ConnectionState>{publisher::ConnectionState::Connecting, QLatin1String("connecting")},
    Spelling<publisher::ConnectionState>{publisher::ConnectionState::Online, QLatin1String("online")},
};

template <>
inline constexpr std::array spellings<publisher::Intake>{
    Spelling<publisher::Intake>{publisher::Intake::Open, QLatin1String("open")},
    Spelling<publisher::Intake>{publisher::Intake::Draining, QLatin1String("draining")},
    Spelling<publisher::Intake>{publisher::Intake::Paused, QLatin1String("paused")},
};

template <>
inline constexpr std::array spellings<channel::ReportedState>{
    Spelling<channel::ReportedState>{channel::ReportedState::Active, QLatin1String("active")},
    Spelling<channel::ReportedState>{channel::ReportedState::Hibernating, QLatin1String("hibernating")},
    Spelling<channel::ReportedState>{channel::ReportedState::Inactive, QLatin1String("inactive")},
    Spelling<channel::ReportedState>{channel::ReportedState::Paused, QLatin1String("paused")},
    Spelling<channel::ReportedState>{channel::ReportedState::Draining, QLatin1String("draining")},
};

template <>
inline constexpr std::array spellings<channel::EntryStatus>{
    Spelling<channel::EntryStatus>{channel::EntryStatus::Accepted, QLatin1String("accepted")},
    Spelling<channel::EntryStatus>{channel::EntryStatus::Conflict, QLatin1String("conflict")},
    Spelling<channel::EntryStatus>{channel::EntryStatus::Invalid, QLatin1String("invalid")},
};

template <>
inline constexpr std::array spellings<channel::WakePhase>{
    Spelling<channel::WakePhase>{channel::WakePhase::Recipe, QLatin1String("recipe")},
    Spelling<channel::WakePhase>{channel::WakePhase::Polling, QLatin1String("polling")},
};

template <>
inline constexpr std::array spellings<Attention::Kind>{
    Spelling<Attention::Kind>{Attention::Kind::KeyRefused, QLatin1String("keyRefused")},
    Spelling<Attention::Kind>{Attention::Kind::KeyringLocked, QLatin1String("keyringLocked")},
    Spelling<Attention::Kind>{Attention::Kind::KeyMissing, QLatin1String("keyMissing")},
    Spelling<Attention::Kind>{Attention::Kind::ConfigBroken, QLatin1String("configBroken")},
    Spelling<Attention::Kind>{Attention::Kind::NotSaved, QLatin1String("notSaved")},
    Spelling<Attention::Kind>{Attention::Kind::Replaced, QLatin1String("replaced")},
    Spelling<Attention::Kind>{Attention::Kind::NameTaken, QLatin1String("nameTaken")},
    Spelling<Attention::Kind>{Attention::Kind::EntryRefused, QLatin1String("entryRefused")},
    Spelling<Attention::Kind>{Attention::Kind::WakeFailed, QLatin1String("wakeFailed")},
    Spelling<Attention::Kind>{Attention::Kind::BackendLost, QLatin1String("backendLost")},
};

/// `Struct` itself, const or not.
template <typename Type, typename Struct>
concept Is = std::same_as<std::remove_const_t<Type>, Struct>;

void visitFields(Is<Attention> auto &attention, auto &&visit)
{
    visit("kind", attention.kind);
    visit("subject", attention.subject);
    visit("text", attention.text);
}

void visitFields(Is<MinuteSnapshot> auto &minute, auto &&visit)
{
    visit("requests", minute.requests);
    visit("tokens", minute.tokens);
}

void visitFields(Is<channel::EntryOutcome> auto &outcome, auto &&visit)
{
    visit("name", outcome.name);
    visit("status", outcome.status);
    visit("message", outcome.message);
}

void visitFields(Is<publisher::WakeStatus> auto &wake, auto &&visit)
{
    visit("phase", wake.phase);
    visit("elapsedMs", wake.elapsed);
    visit("limitMs", wake.limit);
}

void visitFields(Is<LlmSnapshot> auto &llm, auto &&visit)
{
    visit("name", llm.name);
    visit("model", llm.model);
    visit("backend", llm.backend);
    visit("isPublished", llm.isPublished);
    visit("state", llm.state);
    visit("outcome", llm.outcome);
    visit("running", llm.running);
    visit("maxConcurrency", llm.maxConcurrency);
    visit("tokensPerSecond", llm.tokensPerSecond);
    visit("canBeWoken", llm.canBeWoken);
    visit("wake", llm.wake);
    visit("lastRequestAgeMs", llm.lastRequestAge);
}

void visitFields(Is<RequestSnapshot> auto &request, auto &&visit)
{
    visit("task", request.task);
    visit("llm", request.llm);
    visit("path", request.path);
    visit("isStream", request.isStream);
    visit("ageMs", request.age);
    visit("tokens", request.tokens);
    visit("tokensPerSecond", request.tokensPerSecond);
}

void visitFields(Is<ConnectionSnapshot> auto &connection, auto &&visit)
{
    visit("serverVersion", connection.serverVersion);
    visit("epoch", connection.epoch);
    visit("ageMs", connection.age);
    visit("roundTripMs", connection.roundTrip);
    visit("heartbeatAgeMs", connection.heartbeatAge);
}

void visitFields(Is<PublisherSnapshot> auto &snapshot, auto &&visit)
{
    visit("situation", snapshot.situation);
    visit("program", snapshot.program);
    visit("processId", snapshot.processId);
    visit("configFile", snapshot.configFile);
    visit("name", snapshot.name);
    visit("server", snapshot.server);
    visit("state", snapshot.state);
    visit("problem", snapshot.problem);
    visit("connection", snapshot.connection);
    visit("retryInMs", snapshot.retryIn);
    visit("intake", snapshot.intake);
    visit("pauseReason", snapshot.pauseReason);
    visit("llms", snapshot.llms);
    visit("requests", snapshot.requests);
    visit("lastHour", snapshot.lastHour);
    visit("attentions", snapshot.attentions);
}

} // namespace hearth::status
