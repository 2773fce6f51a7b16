// reveal(): brings an input to where a person sees it: its page, its tab and its place in the scroll area, with the
// keyboard in it. Main thread.

#pragma once

class QWidget;

namespace hearth::preferences {

void reveal(QWidget &input);

} // namespace hearth::preferences
