#include "modelmenu.h"

#include "suggestion.h"

#include <QRegularExpression>

#include <algorithm>

namespace hearth::headless {

namespace {

const QRegularExpression &numberPattern()
{
    static const QRegularExpression pattern(QStringLiteral("\\A(\\d{1,6})(?:-(\\d{1,6}))?\\z"));
    return pattern;
}

Error notFound(const QString &message)
{
    return {ErrorCode::NotFound, message};
}

} // namespace

ModelMenu::ModelMenu(std::vector<discovery::FoundBackend> backends)
    : m_backends(std::move(backends))
{
    const auto addressOf = [](const discovery::FoundBackend &backend) { return backend.url.toString(); };
    std::ranges::sort(m_backends, {}, addressOf);
    const auto doubles = std::ranges::unique(m_backends, {}, addressOf);
    m_backends.erase(doubles.begin(), doubles.end());
    QStringList names;
    for (const discovery::FoundBackend &backend : m_backends) {
        for (const QString &model : backend.models) {
            names.append(discovery::nameFor(model, names));
            m_models.push_back({.url = backend.url.toString(), .model = model, .name = names.last()});
        }
    }
}

QString ModelMenu::text() const
{
    QStringList lines;
    int number = 0;
    const qsizetype width = QString::number(m_models.size()).size();
    auto model = m_models.begin();
    for (const discovery::FoundBackend &backend : m_backends) {
        lines.append(QStringLiteral("%1 (%2)%3")
                         .arg(backend.url.toString(), backend.kind,
                              backend.models.isEmpty() ? QStringLiteral(", without any model") : QString()));
        for (qsizetype i = 0; i < backend.models.size(); ++i, ++model) {
            const QString other = model->name == model->model ? QString() : u", published as " + model->name;
            lines.append(QStringLiteral("  %1  %2%3").arg(++number, static_cast<int>(width)).arg(model->model, other));
        }
    }
    return lines.join(u'\n');
}

Result<std::vector<OfferedModel>> ModelMenu::chosen(const QString &typed) const
{
    static const QRegularExpression separator(QStringLiteral("[\\s,]+"));
    Picked picked(m_models.size());
    for (const QString &word : typed.split(separator, Qt::SkipEmptyParts)) {
        const bool isNumber = numberPattern().match(word).hasMatch();
        if (const Result<void> done = isNumber ? pickNumbers(word, picked) : pickNamed(word, picked); !done)
            return done.error();
    }
    return modelsOf(picked);
}

Result<std::vector<OfferedModel>> ModelMenu::named(const QStringList &names) const
{
    Picked picked(m_models.size());
    for (const QString &name : names) {
        if (const Result<void> done = pickNamed(name, picked); !done)
            return done.error();
    }
    return modelsOf(picked);
}

Result<void> ModelMenu::pickNumbers(const QString &word, Picked &picked) const
{
    const QRegularExpressionMatch match = numberPattern().match(word);
    const size_t first = match.captured(1).toUInt();
    const size_t last = match.hasCaptured(2) ? match.captured(2).toUInt() : first;
    if (first < 1 || last < first || last > picked.size())
        return notFound(
            QStringLiteral("%1 is no number of this list, which ends with %2.").arg(word).arg(picked.size()));
    std::fill(picked.begin() + static_cast<qsizetype>(first - 1), picked.begin() + static_cast<qsizetype>(last), true);
    return {};
}

Result<void> ModelMenu::pickNamed(const QString &name, Picked &picked) const
{
    bool isThere = false;
    const auto pickWhere = [&](const auto &isMeant) {
        for (size_t i = 0; i < m_models.size(); ++i) {
            if (isMeant(m_models[i]))
                picked[i] = isThere = true;
        }
    };
    // A name is one model; what a backend calls its model may be what another one calls its own.
    pickWhere([&name](const OfferedModel &model) { return model.name == name; });
    if (!isThere)
        pickWhere([&name](const OfferedModel &model) { return model.model == name; });
    if (!isThere && name == QLatin1String("all"))
        pickWhere([](const OfferedModel &) { return true; });
    return isThere ? Result<void>() : unknown(name);
}

std::vector<OfferedModel> ModelMenu::modelsOf(const Picked &picked) const
{
    std::vector<OfferedModel> models;
    for (size_t i = 0; i < m_models.size(); ++i) {
        if (picked[i])
            models.push_back(m_models[i]);
    }
    return models;
}

Error ModelMenu::unknown(const QString &name) const
{
    QStringList names;
    for (const OfferedModel &model : m_models)
        names.append(model.name);
    const QString nearest = nearestName(name, names);
    return notFound(
        nearest.isEmpty()
            ? QStringLiteral("No backend has a model %1, but: %2.").arg(name, names.join(QLatin1String(", ")))
            : QStringLiteral("No backend has a model %1. Did you mean %2?").arg(name, nearest));
}

} // namespace hearth::headless
