#include "pausepreferences.h"

#include "fieldform.h"
#include "publisherconfig.h"
#include "schedulefield.h"
#include "tablefield.h"

#include <QInputDialog>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::preferences {

PausePreferences::PausePreferences(fields::DraftEditor &editor, std::function<QStringList()> runningPrograms,
                                   QWidget *parent)
    : QWidget(parent)
    , m_runningPrograms(std::move(runningPrograms))
{
    auto *words = new QLabel(tr("While any of these holds, no new requests are taken. Running ones finish, and the "
                                "models stay known to the server."),
                             this);
    words->setWordWrap(true);
    auto *form = new fields::FieldForm(editor, publisher::publisherSettingTable(), this);
    form->add("desktop.pause.onBattery", tr("On &battery"));
    form->add("desktop.pause.fullScreen", tr("While a &full-screen program runs"));
    m_programs = new fields::TableField(editor, form->setting("desktop.pause.programs"), form);
    form->add(m_programs, tr("&Programs"));
    form->add(new ScheduleField(editor, form->setting("desktop.pause.schedule"), form), tr("&Hours"));
    form->setRoot(QString());

    auto *choose = new QPushButton(tr("&Choose from running…"), this);
    choose->setObjectName(QStringLiteral("programs.choose"));
    m_programs->addButton(choose);
    connect(choose, &QPushButton::clicked, this, &PausePreferences::chooseProgram);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(words);
    layout->addWidget(form);
}

void PausePreferences::chooseProgram()
{
    QStringList programs = m_runningPrograms();
    programs.removeDuplicates();
    programs.sort(Qt::CaseInsensitive);
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Running programs"));
    dialog->setLabelText(tr("Pause while this program runs:"));
    dialog->setOption(QInputDialog::UseListViewForComboBoxItems);
    dialog->setComboBoxItems(programs);
    connect(dialog, &QInputDialog::textValueSelected, m_programs, &fields::TableField::append);
    dialog->open();
}

} // namespace hearth::preferences
