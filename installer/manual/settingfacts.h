// What is to be said about a setting besides its help, in words, for people who read a manual or a sample.
//
// Used by settingsection and configsample, so that both say the same. Pure functions.

#pragma once

#include "setting.h"

namespace hearth::manual {

/// What a value has to be: `A whole number between 1 and 100000 (requests).`
QString valueWords(const Setting &setting);

/// Whether not every value of its type is right.
bool isBounded(const Setting &setting);

/// What holds where no source gives a value: `32MiB`, `the name of this machine`. Empty where there is none to tell:
/// the setting is required, or what happens without a value stands in the help.
QString defaultWords(const Setting &setting);

/// Whether the default as the file would spell it is the same on every machine.
bool hasFixedDefault(const Setting &setting);

/// The key without its sections, and these: `maxBody` of `http.maxBody`, and `http`.
QString lastPart(const Setting &setting);
QString sectionOf(const Setting &setting);

/// The settings of a table by section, in the order in which the sections first appear; those without one come first.
struct SettingGroup
{
    /// Dotted; empty for the settings that are in none.
    QString section;
    std::vector<const Setting *> settings;
};

/// They point into `table`.
std::vector<SettingGroup> groupsOf(const SettingTable &table);

} // namespace hearth::manual
