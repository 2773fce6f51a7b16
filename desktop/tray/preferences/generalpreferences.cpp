#include "generalpreferences.h"

#include "connectioncheck.h"
#include "fieldform.h"
#include "publisherconfig.h"

#include <QVBoxLayout>

namespace hearth::preferences {

GeneralPreferences::GeneralPreferences(fields::DraftEditor &editor, const StoredKeyParts &parts, QWidget *parent)
    : QWidget(parent)
{
    auto *form = new fields::FieldForm(editor, publisher::publisherSettingTable(), this);
    form->add("server", tr("&Server"));
    form->add(new StoredKeyField(editor, form->setting("keyFile"), parts, form), tr("Key"));
    form->addBelow(new ConnectionCheck(editor, parts.keys, parts.configFile, parts.clock, form));
    form->add("name", tr("&Name of this box"));
    form->addHeading(tr("Seldom needed"));
    form->add("caFile", tr("Certi&ficates"));
    form->add("stateFile", tr("S&tate file"));
    form->setRoot(QString());
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(form);
}

} // namespace hearth::preferences
