// The sheet of tray icons: every state in every size, on light and on dark panels, and enlarged. Any thread.

#pragma once

#include <QImage>

namespace hearth::shots {

QImage paintIconSheet(int ratio);

} // namespace hearth::shots
