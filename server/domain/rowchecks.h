// Row checks: what the fields of an Llm or agent may hold, whatever the state of the server.
//
// Everybody who makes rows from what others wrote asks here: registration, and the api for public rows. Pure functions;
// whether a name is free is not decided here.

#pragma once

#include "agent.h"
#include "llm.h"

namespace hearth::domain {

/// An ASCII letter or digit.
bool isAlphanumeric(QChar c);

/// Names of Llms and agents: `[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}`.
bool isValidName(QStringView name);

/// Whether every database can store `text`: no U+0000, and no half of a surrogate pair.
bool isStorable(const QString &text);

/// The first of `params` that every request says for itself, and which can therefore not be given in advance; empty
/// when there is none. In whatever case: some backends do not tell `Messages` from `messages`.
QString reservedParam(const QJsonObject &params);

/// What is wrong with a row, in words for whoever wrote it, beginning with the field's name; empty when nothing is.
/// What the row refers to is not looked at.
QString defect(const Llm &llm);
QString defect(const Agent &agent);

} // namespace hearth::domain
