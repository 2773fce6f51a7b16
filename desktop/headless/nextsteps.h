// nextSteps(): what a person does after `hearth-publisher setup` to have the box publish, now and later.
//
// SetupCommand says it last. Pure but for ServiceFacts::ofThisMachine().

#pragma once

#include <QString>

namespace hearth::headless {

/// What decides how a publisher is started.
struct ServiceFacts
{
    bool isRoot = false;
    /// By sudo, so that the person has to write it again.
    bool isBySudo = false;
    /// systemd runs this machine and has a unit for hearth-publisher: the system's for root, the user's for others.
    bool hasUnit = false;

    static ServiceFacts ofThisMachine();
};

/// For the configuration in `file`, which `isUsual` when programs find it without being told; a few lines of text.
QString nextSteps(const ServiceFacts &facts, const QString &file, bool isUsual);

} // namespace hearth::headless
