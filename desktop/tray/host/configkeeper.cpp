#include "configkeeper.h"

#include "configuration.h"

namespace hearth::host {

ConfigKeeper::ConfigKeeper(const QString &path, Clock &clock, const QProcessEnvironment &environment, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_file(path, clock)
{
    connect(&m_file, &draft::ConfigFile::changedOnDisk, this, &ConfigKeeper::load);
}

void ConfigKeeper::load()
{
    const bool exists = m_file.exists();
    // Asked for also where there is none: from then on its coming is noticed.
    const Result<QByteArray> text = read();
    if (text)
        return;
    if (exists)
        return complain(text.error().message);
    complain(m_inForce ? tr("The configuration %1 is gone. Save the settings to have it back.").arg(path())
                       : QString());
}

Result<QByteArray> ConfigKeeper::read()
{
    Result<QByteArray> text = m_file.read();
    // Whoever reads it sees a change first, and nobody would be told of it a second time.
    if (text && (!m_inForce || !m_problem.isEmpty() || *text != m_judged))
        judge(*text);
    return text;
}

void ConfigKeeper::judge(const QByteArray &text)
{
    m_judged = text;
    draft::ConfigVerdict verdict = draft::checkConfig(text, path(), m_environment);
    if (verdict.meaning)
        return accept(*std::move(verdict.meaning));
    complain(configurationError(verdict.problems).message);
}

Result<draft::ConfigDraft> ConfigKeeper::draft()
{
    if (!m_file.exists())
        return draft::ConfigDraft();
    const Result<QByteArray> text = read();
    if (!text)
        return text.error();
    return draft::ConfigDraft::fromText(*text, path());
}

draft::ConfigVerdict ConfigKeeper::check(const draft::ConfigDraft &draft) const
{
    return draft::checkConfig(draft.text(), path(), m_environment);
}

Result<void> ConfigKeeper::save(const draft::ConfigDraft &draft)
{
    draft::ConfigVerdict verdict = check(draft);
    if (!verdict.meaning)
        return configurationError(verdict.problems);
    if (Result<void> saved = m_file.save(draft.text()); !saved)
        return saved;
    m_judged = draft.text();
    accept(*std::move(verdict.meaning));
    return {};
}

void ConfigKeeper::change(const std::function<void(draft::ConfigDraft &)> &edit)
{
    Result<draft::ConfigDraft> draft = this->draft();
    if (!draft)
        return complain(draft.error().message);
    edit(*draft);
    if (const Result<void> saved = save(*draft); !saved)
        complain(saved.error().message);
}

void ConfigKeeper::accept(draft::ConfigMeaning meaning)
{
    m_inForce = std::move(meaning);
    m_problem.clear();
    Q_EMIT accepted();
}

void ConfigKeeper::complain(const QString &problem)
{
    if (std::exchange(m_problem, problem) != problem)
        Q_EMIT changed();
}

} // namespace hearth::host
