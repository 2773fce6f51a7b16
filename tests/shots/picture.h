// Pictures of widgets, and what can be said against one without a person who looks at it.
//
// Main thread.

#pragma once

#include <QImage>
#include <QStringList>

class QWidget;

namespace hearth::shots {

/// The widget as it is drawn, on the ground that it would have on a screen.
QImage pictureOf(QWidget &widget, int ratio);

/// Nothing can be seen on it.
bool isBlank(const QImage &picture);

/// The texts of labels and buttons that can be seen, but not as a whole.
QStringList cutTexts(const QWidget &widget);

} // namespace hearth::shots
