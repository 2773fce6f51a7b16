// Every field of the settings of hearthd as text, and another value for each, for the tests of its table of settings.
//
// For the thread of the test. Pure functions.

#pragma once

#include "serversettings.h"

#include <QMap>

namespace hearth::testsupport {

inline QString text(bool value)
{
    return toText(SettingType::Boolean, value);
}

inline QString text(Duration value)
{
    return toText(SettingType::Seconds, value);
}

template <std::integral Integer>
QString text(Integer value)
{
    return QString::number(value);
}

using Fields = QMap<QString, QString>;

/// By the key that sets it. Does not compile while a field has no setting.
Fields fieldsOf(const server::ServerSettings &settings);

/// A legal value that is not the default: as it is written, in the environment, and as fieldsOf() shows it.
std::pair<QString, QString> otherValue(const Setting &setting);

} // namespace hearth::testsupport
