// scrolled(): a page that may be higher than its window, with its content at the top. Main thread.

#pragma once

class QWidget;

namespace hearth::fields {

/// The area around the content; the caller places it.
QWidget *scrolled(QWidget *content);

} // namespace hearth::fields
