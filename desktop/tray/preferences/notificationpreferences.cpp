#include "notificationpreferences.h"

#include "fieldform.h"
#include "publisherconfig.h"

#include <QLabel>
#include <QVBoxLayout>

namespace hearth::preferences {

NotificationPreferences::NotificationPreferences(fields::DraftEditor &editor, QWidget *parent)
    : QWidget(parent)
{
    auto *words =
        new QLabel(tr("Hearth notifies you only of what needs you, and never twice of the same cause."), this);
    words->setWordWrap(true);
    auto *form = new fields::FieldForm(editor, publisher::publisherSettingTable(), this);
    form->add("desktop.notifications.keyRefused", tr("The server refuses the &key"));
    form->add("desktop.notifications.nameTaken", tr("A &name is taken on the server"));
    form->add("desktop.notifications.wakeFailed", tr("A model could not be &woken"));
    form->add("desktop.notifications.backendLost", tr("A &backend is gone"));
    form->setRoot(QString());
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(words);
    layout->addWidget(form);
}

} // namespace hearth::preferences
