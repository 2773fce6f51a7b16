// SetupAnswers: everything that a new configuration is made of but for files, checked. A plain value.
//
// SetupDialog gathers them, ConfigWriter writes them down.

#pragma once

#include "modelmenu.h"

#include <QUrl>

namespace hearth::headless {

struct SetupAnswers
{
    QUrl server = {};
    /// With the scope `publish`.
    QByteArray key = {};
    /// What people call the box.
    QString name = {};
    /// All are published; never empty.
    std::vector<OfferedModel> models = {};
};

} // namespace hearth::headless
