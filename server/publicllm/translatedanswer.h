// TranslatedAnswer: an answer of the Messages API on its way to a client that asked for a chat completion.
//
// PublicTask makes one for each request that it has translated, hands it what the backend says, and passes on the steps
// that come back. Event streams are translated as they come, everything else as a whole. The head is held back until
// something of the answer can be told: an error that a stream begins with still becomes a proper status. Main thread
// only; it calls nobody.

#pragma once

#include "httpfields.h"
#include "messagesstream.h"

namespace hearth::publicllm {

class TranslatedAnswer
{
public:
    struct Settings
    {
        MessagesStream::Settings stream;
        /// Of a whole answer, in bytes.
        qsizetype maxWhole = 4 * 1024 * 1024;
    };

    /// What is to be passed on, in the order of the members.
    struct Step
    {
        struct Head
        {
            int status = 200;
            HttpFields fields;
        };

        std::optional<Head> head = {};
        QByteArray body = {};
        /// There is nothing more to come, and the answer is not complete.
        std::optional<Error> failure = {};
    };

    explicit TranslatedAnswer(Settings settings)
        : m_settings(settings)
        , m_stream(settings.stream)
    {}

    /// The answer's head; first of all, and once.
    void begin(int status, const HttpFields &fields);
    Step take(QByteArrayView piece);
    /// The backend's answer is complete.
    Step end();

    /// All has been passed on, and what else the backend says is of no interest. A whole answer is complete only by
    /// end(): nothing but its framing tells where it ends.
    bool isComplete() const { return m_isAnswered || m_stream.isComplete(); }

private:
    bool isError() const { return m_status >= 300; }

    Step takeEvents(QByteArrayView piece);
    Step endWhole();
    /// The whole answer at once.
    Step answer(int status, QByteArray body);
    /// What of the backend's fields stays true, with a type of our own.
    HttpFields fieldsWith(QByteArray contentType) const;

    Settings m_settings;
    int m_status = 0;
    HttpFields m_fields;
    bool m_isStream = false;
    /// Some of the stream has been passed on.
    bool m_hasBegun = false;
    /// All has been passed on at once.
    bool m_isAnswered = false;
    MessagesStream m_stream;
    QByteArray m_whole;
};

} // namespace hearth::publicllm
