#include "storabletext.h"

namespace hearth::storage {

namespace {

/// Whether the code unit at `i` cannot be stored.
bool isUnstorable(const QString &text, qsizetype i)
{
    const QChar c = text[i];
    if (c.isHighSurrogate())
        return i + 1 == text.size() || !text[i + 1].isLowSurrogate();
    if (c.isLowSurrogate())
        return i == 0 || !text[i - 1].isHighSurrogate();
    return c.isNull();
}

} // namespace

QString storableText(const QString &text)
{
    // Most texts are fine and are shared, not copied.
    QString result = text;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (isUnstorable(text, i))
            result[i] = QChar::ReplacementCharacter;
    }
    return result;
}

} // namespace hearth::storage
