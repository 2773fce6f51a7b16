#include "recipetry.h"

#include "configcheck.h"
#include "drafteditor.h"
#include "publisherconfig.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::recipes {

using fields::NoteLine;

QString sectionOf(RecipeKind kind)
{
    switch (kind) {
    case RecipeKind::Wake:
        return QStringLiteral("wake");
    case RecipeKind::Sleep:
        return QStringLiteral("sleep");
    }
    Q_UNREACHABLE();
}

Result<publisher::LlmSettings> llmAlone(const draft::ConfigDraft &draft, const QString &llm,
                                        const QProcessEnvironment &environment)
{
    draft::ConfigDraft alone;
    // Needs no key file.
    alone.setText(QStringLiteral("keyStore"), QStringLiteral("keyring"));
    const QString path = alone.appendEntry(QStringLiteral("llms"), QStringLiteral("model"));
    const SettingTable table = publisher::publisherSettingTable().find(u"llms")->fields;
    fields::copyValues(alone, path, draft, llm, table);
    draft::ConfigVerdict verdict = draft::checkConfig(alone.text(), {}, environment);
    if (verdict.meaning)
        return std::move(verdict.meaning->publisher.llms.front());
    QStringList problems;
    for (const ConfigProblem &problem : std::as_const(verdict.problems))
        problems.append(problem.key.mid(path.size() + 1) % u": " % problem.what);
    return Error{ErrorCode::Configuration, problems.join(u'\n')};
}

RecipeTry::RecipeTry(RecipeKind kind, std::function<Result<publisher::LlmSettings>()> subject, Clock &clock,
                     QWidget *parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_subject(std::move(subject))
    , m_trial(clock)
    , m_button(new QPushButton(tr("&Try it"), this))
    , m_bar(new QProgressBar(this))
    , m_note(new NoteLine(this))
{
    auto *layout = new QVBoxLayout(this);
    auto *row = new QHBoxLayout;
    layout->setContentsMargins({});
    layout->addLayout(row);
    layout->addWidget(m_note);
    row->addWidget(m_button);
    row->addWidget(m_bar, 1);
    row->addStretch();
    m_button->setObjectName(sectionOf(kind) % u".try");
    m_note->setObjectName(sectionOf(kind) % u".outcome");
    m_button->setAccessibleDescription(tr("Runs this recipe now, on this machine"));
    m_button->setToolTip(m_button->accessibleDescription());
    m_bar->hide();
    m_bar->setAccessibleName(tr("Progress of the recipe"));
    connect(m_button, &QPushButton::clicked, this, &RecipeTry::press);
    connect(&m_trial, &RecipeTrial::progress, this, &RecipeTry::showProgress);
    connect(&m_trial, &RecipeTrial::finished, this, &RecipeTry::showEnd);
}

void RecipeTry::clear()
{
    m_trial.cancel();
    m_bar->hide();
    m_note->clear();
    m_button->setText(tr("&Try it"));
}

void RecipeTry::press()
{
    if (m_trial.isRunning()) {
        clear();
        return m_note->show(NoteLine::Kind::Information, tr("Cancelled."));
    }
    const Result<publisher::LlmSettings> llm = m_subject();
    if (!llm)
        return m_note->show(NoteLine::Kind::Problem, llm.error().message);
    m_button->setText(tr("Cancel &trial"));
    m_bar->setRange(0, 0);
    m_bar->show();
    switch (m_kind) {
    case RecipeKind::Wake:
        m_note->show(NoteLine::Kind::Information, tr("Asking whether the backend is awake already…"));
        return m_trial.wake(*llm);
    case RecipeKind::Sleep:
        return m_trial.sleep(*llm);
    }
}

void RecipeTry::showProgress(channel::WakePhase phase, Duration elapsed, Duration limit)
{
    const auto seconds = [](Duration duration) {
        return int(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
    };
    m_bar->setRange(0, seconds(limit));
    m_bar->setValue(seconds(elapsed));
    //: %v and %m stay as they are: they are replaced by numbers of seconds.
    m_bar->setFormat(tr("%v of %m s"));
    m_note->show(NoteLine::Kind::Information, phase == channel::WakePhase::Recipe
                                                  ? tr("The recipe runs…")
                                                  : tr("The recipe has ended well. Waiting for the backend…"));
}

void RecipeTry::showEnd(bool worked, const QString &text)
{
    clear();
    m_note->show(worked ? NoteLine::Kind::Success : NoteLine::Kind::Problem, text);
}

} // namespace hearth::recipes
