// AboutDialog: what this program is, in which version, and what it stands on. TrayApp shows it. Main thread.

#pragma once

#include <QDialog>

namespace hearth::preferences {

class AboutDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);
};

} // namespace hearth::preferences
