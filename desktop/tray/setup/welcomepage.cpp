#include "welcomepage.h"

#include <QVBoxLayout>

namespace hearth::setup {

WelcomePage::WelcomePage(SetupState &state)
    : SetupPage(state, tr("Share the models of this computer"), tr("In a few steps, and nothing by accident."))
{
    content().setSpacing(2 * content().spacing());
    addText(tr("Others will be able to use language models that run here, by way of a Hearth server. This computer "
               "calls the server; nothing is opened to the network."));
    addText(tr("You will need the address of your server and an API key with the scope \"publish\". Whoever runs the "
               "server makes one with:\n\n    hearthd key create --name NAME --scope publish"));
    addText(tr("The next pages ask for both, look for models on this computer, and let you choose which of them to "
               "share. Nothing is shared until you have ticked it and saved, and you can change all of it later."));
    if (!state.parts.draft.text().isEmpty())
        addText(tr("You have a configuration already. What these pages do not ask about stays as it is."));
    content().addStretch();
}

} // namespace hearth::setup
