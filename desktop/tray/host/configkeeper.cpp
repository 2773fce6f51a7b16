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
        complain(text.error().message);
    else
        complain(m_inForce ? tr("The configuration %1 is gone. Save the settings to have it back.").arg(path())
                           : QString());
    Q_EMIT edited();
}

Result<QByteArray> ConfigKeeper::read()
{
    Result<QByteArray> text = m_file.read();
    // Whoever reads it sees a change first, and nobody would be told of it a second time.
    const bool isOther = text && *text != m_judged;
    if (text && (!m_inForce || !m_problem.isEmpty() || isOther))
        judge(*text);
    if (text && m_problem.isEmpty())
        setChangeProblem({});
    if (isOther)
        Q_EMIT edited();
    return text;
}

void ConfigKeeper::judgeAgain()
{
    if (!m_problem.isEmpty() && m_file.exists())
        load();
}

void ConfigKeeper::judge(const QByteArray &text)
{
    m_judged = text;
    draft::ConfigVerdict verdict = draft::checkConfig(text, path(), m_environment);
    if (verdict.meaning)
        return accept(*std::move(verdict.meaning), text);
    complain(configurationError(verdict.problems).message);
}

Result<draft::ConfigDraft> ConfigKeeper::draft()
{
    if (!m_file.exists())
        return draftWithoutFile();
    const Result<QByteArray> text = read();
    if (!text)
        return text.error();
    return draft::ConfigDraft::fromText(*text, path());
}

Result<draft::ConfigDraft> ConfigKeeper::draftWithoutFile() const
{
    Result<draft::ConfigDraft> draft = draft::ConfigDraft::fromText(m_acceptedText, path());
    if (draft)
        draft->setBase({});
    return draft;
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
    if (Result<void> saved = m_file.save(draft.text(), draft.base()); !saved)
        return saved;
    m_judged = draft.text();
    accept(*std::move(verdict.meaning), draft.text());
    return {};
}

void ConfigKeeper::change(const std::function<void(draft::ConfigDraft &)> &edit)
{
    Result<draft::ConfigDraft> draft = this->draft();
    if (!draft)
        return setChangeProblem(draft.error().message);
    edit(*draft);
    if (const Result<void> saved = save(*draft); !saved)
        setChangeProblem(saved.error().message);
}

void ConfigKeeper::accept(draft::ConfigMeaning meaning, const QByteArray &text)
{
    m_inForce = std::move(meaning);
    m_acceptedText = text;
    m_problem.clear();
    m_changeProblem.clear();
    Q_EMIT accepted();
}

void ConfigKeeper::setChangeProblem(const QString &problem)
{
    if (std::exchange(m_changeProblem, problem) != problem)
        Q_EMIT changed();
}

void ConfigKeeper::complain(const QString &problem)
{
    if (std::exchange(m_problem, problem) != problem)
        Q_EMIT changed();
}

} // namespace hearth::host
