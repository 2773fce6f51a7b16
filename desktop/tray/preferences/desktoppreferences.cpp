#include "desktoppreferences.h"

#include "fieldform.h"
#include "publisherconfig.h"

#include <QCheckBox>
#include <QDir>
#include <QLabel>
#include <QVBoxLayout>

namespace hearth::preferences {

DesktopPreferences::DesktopPreferences(fields::DraftEditor &editor, platform::Autostart &autostart, QWidget *parent)
    : QWidget(parent)
    , m_autostart(autostart)
    , m_starts(new QCheckBox(tr("&Start Hearth when I log in"), this))
{
    const QString file = QDir::toNativeSeparators(autostart.file());
    auto *path = new QLabel(tr("This writes the file %1.").arg(file), this);
    path->setWordWrap(true);
    path->setForegroundRole(QPalette::PlaceholderText);
    path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_starts->setObjectName(QStringLiteral("autostart"));
    m_starts->setAccessibleDescription(path->text());
    connect(m_starts, &QCheckBox::toggled, this, &DesktopPreferences::edited);

    auto *start = new QWidget(this);
    auto *startLayout = new QVBoxLayout(start);
    startLayout->setContentsMargins({});
    startLayout->addWidget(m_starts);
    startLayout->addWidget(path);

    auto *form = new fields::FieldForm(editor, publisher::publisherSettingTable(), this);
    form->addBelow(start);
    form->add("desktop.closeToTray", tr("&Closing the window leaves Hearth in the tray"));
    form->add("logLevel", tr("&Log from"));
    form->setRoot(QString());
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(form);
    reset();
}

bool DesktopPreferences::isChanged() const
{
    return m_starts->isChecked() != m_autostart.isEnabled();
}

Result<void> DesktopPreferences::apply()
{
    return isChanged() ? m_autostart.setEnabled(m_starts->isChecked()) : Result<void>();
}

void DesktopPreferences::reset()
{
    m_starts->setChecked(m_autostart.isEnabled());
}

} // namespace hearth::preferences
