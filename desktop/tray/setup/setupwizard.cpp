#include "setupwizard.h"

#include "autostartpage.h"
#include "livetestpage.h"
#include "modelspage.h"
#include "serverpage.h"
#include "setupstate.h"
#include "summarypage.h"
#include "wakepage.h"
#include "welcomepage.h"

namespace hearth::setup {

struct SetupWizard::Private
{
    explicit Private(SetupParts parts)
        : state(std::move(parts))
    {}

    SetupState state;
};

SetupWizard::SetupWizard(SetupParts parts, QWidget *parent)
    : QWizard(parent)
    , d(std::make_unique<Private>(std::move(parts)))
{
    setObjectName(QStringLiteral("setupWizard"));
    setWindowTitle(tr("Set up Hearth"));
    setWizardStyle(ModernStyle);
    setOption(NoBackButtonOnStartPage);
    setOption(NoCancelButtonOnLastPage);
    const std::pair<Page, SetupPage *> pages[] = {
        {Welcome, new WelcomePage(d->state)},     {Server, new ServerPage(d->state)},
        {Models, new ModelsPage(d->state)},       {Wake, new WakePage(d->state)},
        {Autostart, new AutostartPage(d->state)}, {Summary, new SummaryPage(d->state)},
        {LiveTest, new LiveTestPage(d->state)},
    };
    for (const auto &[id, page] : pages) {
        setPage(id, page);
        connect(this, &QDialog::finished, page, &SetupPage::leave);
    }
    const QFontMetrics font = fontMetrics();
    setMinimumSize(80 * font.averageCharWidth(), 30 * font.lineSpacing());
    resize(110 * font.averageCharWidth(), 38 * font.lineSpacing());
}

SetupWizard::~SetupWizard()
{
    // QWizard would delete them after the state, which they use to their end.
    for (const int id : pageIds())
        delete page(id);
}

} // namespace hearth::setup
