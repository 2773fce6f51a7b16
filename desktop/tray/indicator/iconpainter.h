// The drawing of the tray icon: what each state looks like, at each size that a panel may want.
//
// IndicatorIcon turns it into icons. States differ in shape, so that nobody depends on their colours: a flame above a
// hearth stone is the sign of the program, and what burns tells how it is. Colours keep a contrast of 3:1 on light and
// on dark panels. There is no SVG: some trays show those as nothing at all (QTBUG-53550). Pure functions, any thread.

#pragma once

#include "clock.h"
#include "statuswords.h"

#include <QImage>

namespace hearth::indicator {

/// The sizes that panels ask for, in pixels.
inline constexpr int iconSizes[] = {16, 22, 24, 32, 48, 64};

/// How many pictures a state goes through; 1 for those that stand still.
int frameCount(board::IndicatorState state);

/// How long each of them is shown.
Duration frameInterval(board::IndicatorState state);

/// A square picture of `size` pixels on a transparent ground. `frame` is below frameCount().
QImage paintIcon(board::IndicatorState state, int frame, int size);

} // namespace hearth::indicator
