// The languages of the program. Called once by main(), and by whoever makes pictures of it in another language.
// Main thread.

#pragma once

#include <QCoreApplication>
#include <QLocale>

namespace hearth::tray {

/// Translates the program, and Qt's own texts where Qt's catalogues are installed, into the first of the locale's
/// languages that there is a catalogue for; else English, whose catalogue has the plural forms.
void installTranslations(QCoreApplication &application, const QLocale &locale);

} // namespace hearth::tray
