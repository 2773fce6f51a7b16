// PublisherControl: what an owner can tell the publisher of this program.
//
// Windows and menus call it; PublisherHost does it. Calls for what is not there are ignored. Main thread.

#pragma once

#include "ids.h"

#include <QString>

namespace hearth::status {

class PublisherControl
{
public:
    virtual ~PublisherControl() = default;

    virtual void wake(const QString &llm) = 0;
    virtual void cancelWake(const QString &llm) = 0;
    virtual void cancelRequest(TaskId task) = 0;
    /// Saves `publish: true` or `false` to the configuration and applies it. A failure is reported as an attention.
    virtual void setPublished(const QString &llm, bool isPublished) = 0;
    virtual void pause() = 0;
    virtual void drain() = 0;
    /// Also overrules the rules that pause by themselves, until the reason that held has gone.
    virtual void resume() = 0;
    virtual void connectNow() = 0;
    /// Publishes from this program, when the other one has ended (Situation::Nowhere).
    virtual void takeOver() = 0;
};

} // namespace hearth::status
