#include "fileoption.h"

#include "valuechecks.h"

namespace hearth::commandline {

void addFileOption(CLI::App &app, const char *name, std::string &file, const char *description)
{
    app.add_option(name, file, description)->type_name("FILE")->check(notEmpty());
}

} // namespace hearth::commandline
