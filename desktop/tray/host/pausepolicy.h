// PausePolicy: whether new requests are taken, out of what the owner has said and what speaks against it by itself.
//
// PublisherHost asks it after every change. What a person says counts more than a rule: resume() also overrules the
// reasons that hold at that moment, each until it has gone. Leaving (quit when nothing runs any more) lies over both. A
// plain value; it knows no rules and no time.

#pragma once

#include "intake.h"

#include <QStringList>

namespace hearth::host {

class PausePolicy
{
public:
    void pause() { m_wanted = publisher::Intake::Paused; }

    void drain() { m_wanted = publisher::Intake::Draining; }

    void resume();

    /// All that speaks against new requests now.
    void setReasons(const QStringList &reasons);

    void setLeaving(bool isLeaving) { m_isLeaving = isLeaving; }

    bool isLeaving() const { return m_isLeaving; }

    publisher::Intake intake() const;
    /// Why nothing new is taken when no person said so; empty otherwise.
    QString reason() const;

private:
    QStringList standing() const;

    publisher::Intake m_wanted = publisher::Intake::Open;
    QStringList m_reasons;
    /// Those of them that the owner does not want to hear of.
    QStringList m_overruled;
    bool m_isLeaving = false;
};

} // namespace hearth::host
