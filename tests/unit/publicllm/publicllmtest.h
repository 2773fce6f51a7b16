// PublicLlmTest: what the tests of PublicLlms share: an Llm whose backend is a scripted server, and a log that is kept.
//
// A test class derives from it and finds everything made afresh for each test function. For the thread of the test.

#pragma once

#include "answerrecorder.h"
#include "domainrows.h"
#include "publicllms.h"
#include "relay.h"
#include "scriptedserver.h"
#include "slotcounter.h"

#include <QTemporaryDir>

#include <deque>

namespace hearth::testsupport {

class PublicLlmTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:
    void init();
    void cleanup();

protected:
    /// The backend's key, as long as real ones are.
    static constexpr char apiKey[] = "sk-test-0123456789abcdefghij";

    /// Makes the object under test anew, with other settings.
    void makePublicLlms(publicllm::PublicLlmSettings settings);
    /// A request for m_llm, started. `recorder` must outlive the task.
    TaskId start(AnswerRecorder &recorder, relay::InferRequest request);
    TaskId start(AnswerRecorder &recorder, const QByteArray &body = R"({"model":"m"})");

    /// One that outlives the tasks.
    AnswerRecorder &makeRecorder() { return m_recorders.emplace_back(); }

    /// The backend's end of a connection whose request, with a body of this size, has come; waits for it.
    Peer &peerWithRequest(qsizetype bodySize = 0, qsizetype index = 0);

    int running() const { return m_slots.taken(); }

    /// Whether the key occurs in what the client gets, or in the log.
    bool isKeyIn(const AnswerRecorder &recorder) const;

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<domain::Registry> m_registry;
    SlotCounter m_slots;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<publicllm::SecretBox> m_secrets;
    std::unique_ptr<publicllm::AddressGuard> m_addresses;
    std::unique_ptr<publicllm::PublicLlms> m_publicLlms;
    std::unique_ptr<ScriptedServer> m_server;
    /// `m`, of type `openai`, which its backend calls `backend/model`.
    domain::Llm m_llm;

private:
    std::deque<AnswerRecorder> m_recorders;
};

} // namespace hearth::testsupport
