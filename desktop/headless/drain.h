// Drain: lets what a publisher has begun come to its end before the publisher is stopped.
//
// PublishRun has one and begins it when the program is told to end. The server learns that nothing new is taken; what
// it waits for, requests and wakes, goes on until it is done, the limit has run out or the channel is lost. It does not
// stop the publisher itself. Publisher's thread.

#pragma once

#include "publisher.h"

namespace hearth::headless {

class Drain final : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive it.
    Drain(publisher::Publisher &publisher, Clock &clock, QObject *parent = nullptr);

    /// To be called once. finished() follows after `limit` at the latest, and from inside when nothing runs or the
    /// limit is zero: then the server is told nothing.
    void begin(Duration limit);

Q_SIGNALS:
    /// The publisher may be stopped from inside.
    void finished();

private:
    void look();
    void finish();

    publisher::Publisher &m_publisher;
    Timer m_limit;
};

} // namespace hearth::headless
