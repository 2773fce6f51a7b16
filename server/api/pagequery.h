// PageQuery: which part of a list is asked for: `?limit=` and `?before=`.
//
// Used by the controllers whose lists are paged. A plain value.

#pragma once

#include "result.h"

#include <QByteArray>

namespace hearth::api {

struct PageQuery
{
    static constexpr int maxLimit = 200;

    int limit = 50;
    /// The `nextCursor` of the page before; empty for the first.
    QByteArray before;

    /// `query` is what stands behind the question mark. InvalidRequest for a limit that is none, and for anything else
    /// that is asked for.
    static Result<PageQuery> parse(QByteArrayView query);
};

/// InvalidRequest for a cursor that no page has given.
Error badCursor();

} // namespace hearth::api
