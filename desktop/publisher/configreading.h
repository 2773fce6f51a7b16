// Reading: one map of publisher.yaml while its meaning is being found out.
//
// Used by the functions that turn values into settings (publisherconfig.cpp and its neighbours), and by nobody else.

#pragma once

#include "settingvalues.h"

#include <QUrl>

namespace hearth::publisher {

/// The values, with the list to which their problems are added.
struct Reading
{
    const SettingValues &values;
    QList<ConfigProblem> &problems;

    void complain(QByteArrayView key, const QString &what) const { problems.append(values.problem(key, what)); }
};

/// Whether Llms, agents and pools may be called so.
bool isName(const QString &text);

/// Complains unless this is a name that Llms, agents and pools may have.
void checkName(const Reading &in, QByteArrayView key, const QString &name);

/// The longest description of an Llm or agent.
inline constexpr qsizetype maxDescriptionLength = 1024;

void checkLength(const Reading &in, QByteArrayView key, const QString &text, qsizetype maxLength);

enum class Query { Forbidden, Allowed };

/// The http or https URL of this setting, without the slash at its end where a query is forbidden; empty when there is
/// a problem.
QUrl readUrl(const Reading &in, QByteArrayView key, Query query);

} // namespace hearth::publisher
