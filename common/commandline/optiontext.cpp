#include "optiontext.h"

#include <CLI/CLI.hpp>

namespace hearth::commandline {

QString spelling(const CLI::Option &option)
{
    const QString value = QString::fromStdString(option.get_type_name());
    if (option.get_positional())
        return value;
    const QString names = QString::fromStdString(option.get_name(false, true)).replace(u',', QStringLiteral(", "));
    const bool isFlag = option.get_items_expected_max() == 0;
    return isFlag ? names : names + u' ' + value;
}

QString explanation(const CLI::Option &option)
{
    QString sentences = QString::fromStdString(option.get_description());
    if (option.get_required())
        sentences += QStringLiteral(" Required.");
    if (option.get_expected_max() == CLI::detail::expected_max_vector_size)
        sentences += QStringLiteral(" May be repeated.");
    return sentences;
}

} // namespace hearth::commandline
