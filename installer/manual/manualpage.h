// writePage(): a manual page, from its text and from what the program itself says.
//
// The text of a page is man(7) with places such as `@options@`, each on a line of its own, for the parts that are
// written from the program's command line or its table of settings. It need not say what those say, and cannot
// contradict them. Called by Products. A pure function.

#pragma once

#include "result.h"

#include <QByteArray>
#include <QMap>

namespace hearth::manual {

struct PageHead
{
    /// `hearthd.8`: what the page is called, and its section.
    QString name;
    QString version;
    /// As `2026-11-20`; empty: the page bears none.
    QString date;
};

/// Fails when the text keeps a place for no part, or none for a part: a page cannot lose its options by accident.
Result<QByteArray> writePage(const PageHead &head, const QString &text, const QMap<QString, QString> &parts);

} // namespace hearth::manual
