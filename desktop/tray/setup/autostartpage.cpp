#include "autostartpage.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace hearth::setup {

AutostartPage::AutostartPage(SetupState &state)
    : SetupPage(state, tr("When you log in"), tr("Your models are shared while this program runs."))
    , m_starts(new QCheckBox(tr("&Start Hearth when I log in"), this))
{
    content().addWidget(m_starts);
    m_file = addText({});
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("autostartText"));
    m_text->setAccessibleName(tr("What will be written"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    content().addWidget(m_text, 1);
    m_starts->setObjectName(QStringLiteral("autostart"));
    connect(m_starts, &QCheckBox::toggled, this, [this](bool starts) { this->state().startsWithDesktop = starts; });
}

void AutostartPage::initializePage()
{
    const platform::Autostart &autostart = state().parts.autostart;
    m_starts->setChecked(state().startsWithDesktop);
    m_file->setText(tr("If it is ticked, this is written to %1:").arg(autostart.file()));
    m_text->setPlainText(QString::fromUtf8(autostart.content()));
    missingChanged();
}

} // namespace hearth::setup
