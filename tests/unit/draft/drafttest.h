// What the tests of ConfigDraft have in common: short ways to write texts and drafts.

#pragma once

#include "configdraft.h"

namespace hearth::draft {

inline ConfigDraft draftOf(const QByteArray &text)
{
    const auto draft = ConfigDraft::fromText(text, QStringLiteral("p.yaml"));
    if (!draft)
        qFatal("%s", qPrintable(draft.error().message));
    return *draft;
}

inline QString operator""_s(const char16_t *text, size_t size)
{
    return QString::fromUtf16(text, static_cast<qsizetype>(size));
}

} // namespace hearth::draft
