#include "situationpage.h"

#include "looks.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::window {

namespace {

using status::Situation;

struct Words
{
    QString title;
    QString text;
    QString button;
};

Words wordsOf(const status::PublisherSnapshot &snapshot)
{
    switch (snapshot.situation) {
    case Situation::Unconfigured:
        return {
            SituationPage::tr("Share the models of this box"),
            SituationPage::tr("Connect this box to a Hearth server and choose which models others may use. Nothing is "
                              "shared until you say so."),
            SituationPage::tr("&Set up…")};
    case Situation::Broken:
        return {SituationPage::tr("The configuration cannot be used"),
                SituationPage::tr("Nothing is published. Mend %1: it is read again as soon as it is saved.")
                    .arg(snapshot.configFile),
                SituationPage::tr("&Settings…")};
    case Situation::Nowhere:
        return {SituationPage::tr("%1 has ended").arg(snapshot.program),
                SituationPage::tr("It published the models of this box. Now nothing is published."),
                SituationPage::tr("Publish &from here")};
    case Situation::Here:
    case Situation::Elsewhere:
        break;
    }
    Q_UNREACHABLE();
}

} // namespace

SituationPage::SituationPage(QWidget *parent)
    : QWidget(parent)
    , m_title(makeHeading({}, nullptr, this))
    , m_words(new QLabel(this))
    , m_problems(new QLabel(this))
    , m_button(new QPushButton(this))
{
    QFont font = m_title->font();
    constexpr double titleSize = 1.5;
    font.setPointSizeF(font.pointSizeF() * titleSize);
    m_title->setFont(font);
    m_words->setObjectName(QStringLiteral("situation"));
    makeSelectable(*m_words, tr("What has happened"));
    m_problems->setObjectName(QStringLiteral("situationProblems"));
    makeSelectable(*m_problems, tr("Problems"));
    m_button->setObjectName(QStringLiteral("situationButton"));
    connect(m_button, &QPushButton::clicked, this, &SituationPage::act);

    // As wide as text reads well.
    constexpr int lineLength = 70;
    auto *const column = new QVBoxLayout;
    column->addStretch(1);
    column->setSpacing(fontMetrics().height());
    for (QLabel *const label : {m_title, m_words, m_problems}) {
        label->setWordWrap(true);
        label->setFixedWidth(digitsWide(*this, lineLength));
        column->addWidget(label);
    }
    column->addWidget(m_button, 0, Qt::AlignLeft);
    column->addStretch(2);
    auto *const layout = new QHBoxLayout(this);
    layout->addStretch();
    layout->addLayout(column);
    layout->addStretch();
}

bool SituationPage::isNeeded(Situation situation)
{
    switch (situation) {
    case Situation::Unconfigured:
    case Situation::Broken:
    case Situation::Nowhere:
        return true;
    case Situation::Here:
    case Situation::Elsewhere:
        return false;
    }
    Q_UNREACHABLE();
}

void SituationPage::setSnapshot(const status::PublisherSnapshot &snapshot)
{
    m_situation = snapshot.situation;
    const Words words = wordsOf(snapshot);
    QStringList problems;
    for (const status::Attention &attention : snapshot.attentions)
        problems += attention.text;
    m_title->setText(words.title);
    m_words->setText(words.text);
    m_problems->setText(problems.join(u'\n'));
    m_problems->setVisible(!problems.isEmpty());
    m_button->setText(words.button);
}

void SituationPage::act()
{
    switch (m_situation) {
    case Situation::Unconfigured:
        Q_EMIT setupRequested();
        return;
    case Situation::Broken:
        Q_EMIT preferencesRequested();
        return;
    case Situation::Nowhere:
        Q_EMIT takeOverRequested();
        return;
    case Situation::Here:
    case Situation::Elsewhere:
        break;
    }
    Q_UNREACHABLE();
}

} // namespace hearth::window
