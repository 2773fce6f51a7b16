// nameFor(): from what a backend calls a model to what Hearth can call it.

#include "backendfinder.h"

#include "configreading.h"

#include <QRegularExpression>

namespace hearth::discovery {

namespace {

/// As in the rule for names, which isName() enforces.
constexpr qsizetype maxNameLength = 128;

QString cleaned(const QString &model)
{
    static const QRegularExpression weightsFile(QStringLiteral("^.*/([^/]+)\\.(gguf|bin|safetensors)$"),
                                                QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression foreign(QStringLiteral("[^A-Za-z0-9._:/@-]+"));
    static const QRegularExpression badStart(QStringLiteral("^[^A-Za-z0-9]+"));
    const QRegularExpressionMatch file = weightsFile.match(model);
    QString name = file.hasMatch() ? file.captured(1) : model;
    name.replace(foreign, QStringLiteral("-")).remove(badStart);
    return publisher::isName(name.left(maxNameLength)) ? name.left(maxNameLength) : QStringLiteral("model");
}

} // namespace

QString nameFor(const QString &model, const QStringList &taken)
{
    const QString name = cleaned(model);
    QString candidate = name;
    for (int number = 2; taken.contains(candidate); ++number) {
        const QString suffix = QStringLiteral("-%1").arg(number);
        candidate = name.left(maxNameLength - suffix.size()) + suffix;
    }
    return candidate;
}

} // namespace hearth::discovery
