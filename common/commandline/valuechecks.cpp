#include "valuechecks.h"

#include <QString>

namespace hearth::commandline {

CLI::Validator notEmpty()
{
    return {[](const std::string &value) { return std::string(value.empty() ? "must not be empty" : ""); }, ""};
}

CLI::Validator wholeNumber(qint64 minimum, qint64 maximum)
{
    return {[minimum, maximum](const std::string &value) {
                bool isNumber = false;
                const qint64 number = QString::fromStdString(value).toLongLong(&isNumber);
                // CLI11, which converts it, takes 010 for 8.
                const bool isPlain = isNumber && value == std::to_string(number);
                if (isPlain && number >= minimum && number <= maximum)
                    return std::string();
                return "must be a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum);
            },
            ""};
}

} // namespace hearth::commandline
