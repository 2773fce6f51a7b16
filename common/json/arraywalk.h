// ArrayWalk: the elements of a JSON array one after the other, without looking at more of it than is asked for.
//
// For the text of an array that ObjectScan has found: that its strings end is known, its brackets are trusted. Broken
// text ends the walk early. It copies nothing; the text must outlive the walk and its elements.

#pragma once

#include <QByteArrayView>

#include <optional>

namespace hearth::json {

class ArrayWalk
{
public:
    explicit ArrayWalk(QByteArrayView array);

    /// The text of the next element; nothing behind the last one.
    std::optional<QByteArrayView> next();

private:
    QByteArrayView m_text;
    /// Behind the opening bracket or the comma that was passed last; at the end of the text when the walk is over.
    qsizetype m_at;
};

} // namespace hearth::json
