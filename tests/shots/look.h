// Look: what the face is to look like in a picture: which language, light or dark, how many pixels.
//
// Main thread.

#pragma once

#include <QLocale>
#include <QString>

#include <vector>

namespace hearth::shots {

struct Look
{
    /// The folder of its pictures.
    QString name;
    QLocale locale;
    bool isDark = false;
    /// Pixels of the picture to one of the widget.
    int ratio = 1;
};

const std::vector<Look> &allLooks();

/// Gives the program this language and these colours. Only what is made afterwards has all of it.
void putOn(const Look &look);

} // namespace hearth::shots
