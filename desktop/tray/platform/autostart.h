// Autostart: whether hearth-tray starts with the desktop (XDG autostart specification).
//
// The file `$XDG_CONFIG_HOME/autostart/hearth-tray.desktop` is the only state; the wizard and the settings dialog show
// and change it. A disabled system-wide entry is respected. Any thread.

#pragma once

#include "result.h"

#include <QString>

namespace hearth::platform {

class Autostart
{
public:
    /// `program` is the absolute path that will be started, with `--hidden` and, where `configFile` is not empty,
    /// `--config`.
    Autostart(QString program, QString configFile);

    bool isEnabled() const;
    /// Errors: Io.
    Result<void> setEnabled(bool enabled);
    QString file() const;
    /// What would be written, to be shown.
    QByteArray content() const;

private:
    QString m_program;
    QString m_configFile;
};

} // namespace hearth::platform
