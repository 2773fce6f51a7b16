// UsageSkimmer: finds the `usage` object in JSON text of any length that comes in pieces.
//
// It follows brackets and strings and looks at the names of the outermost members only, so its memory is constant. Text
// that is no JSON may lead it astray, but not further than to counts that are none. A plain value.

#pragma once

#include "usagetally.h"

#include <QByteArrayView>

namespace hearth::metering {

class UsageSkimmer
{
public:
    /// A `usage` object that is longer is passed over.
    static constexpr qsizetype maxObject = 4 * 1024;

    /// Looks for the member `usage` of the text's object and, where `wrapper` is not empty, of the object that is its
    /// member of that name. `wrapper` must outlive the skimmer.
    explicit UsageSkimmer(QByteArrayView wrapper)
        : m_wrapper(wrapper)
    {}

    /// Each object that is found is read into `tally`.
    void take(QByteArrayView text, UsageTally &tally);

private:
    /// Reads on in a string from `at`; returns where it has stopped.
    qsizetype takeString(QByteArrayView text, qsizetype at);
    void takeMark(char mark);
    void open(char bracket);
    void close();
    void capture(QByteArrayView bytes);

    QByteArrayView m_wrapper;
    /// Brackets that are open.
    qint64 m_depth = 0;
    /// The depth at which the names of members are looked at: 0 outside of the object, 2 inside of the wrapper.
    qint64 m_level = 0;
    bool m_isString = false;
    bool m_isEscaped = false;
    /// The next string at m_level is the name of a member, or the present one is.
    bool m_expectsName = false;
    /// The name of the present member, as far as it matters.
    QByteArray m_name;
    /// Of the `usage` that is being read; 0 while none is.
    qint64 m_captureDepth = 0;
    QByteArray m_captured;
};

} // namespace hearth::metering
