// openChild() and reapWhenEnded(): the descriptor of a child, and the end of one that nobody waits for any more.
//
// So that no zombie stays: for programs that a RecipeRun has let go and for collectors of output. On the calling
// thread, which needs an event loop; what has not ended when that thread ends is left to whoever adopts it.

#pragma once

#include "filedescriptor.h"

namespace hearth::publisher {

/// A descriptor that becomes readable when the child has ended (pidfd_open(2)); not valid if there is none to spare,
/// with the cause in errno.
FileDescriptor openChild(int id);

/// `process` comes from openChild().
void reapWhenEnded(FileDescriptor process);

} // namespace hearth::publisher
