// EnglishPlurals: what the program's English catalogue does to `%n model(s)`, without the catalogue.
//
// Installed by tests and pictures that look at whole sentences. Main thread.

#pragma once

#include <QTranslator>

namespace hearth::board {

class EnglishPlurals final : public QTranslator
{
public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }

    QString translate(const char *, const char *source, const char *, int count) const override
    {
        return count < 0 ? QString()
                         : QString::fromUtf8(source).replace(QStringLiteral("(s)"),
                                                             count == 1 ? QString() : QStringLiteral("s"));
    }
};

} // namespace hearth::board
