#include "helpformatter.h"

#include "optiontext.h"
#include "textwrap.h"

#include <algorithm>

namespace hearth::commandline {

namespace {

constexpr int indent = 2;
constexpr int gap = 2;
/// Longer names stand in a line of their own, so that they leave room for the explanations of all.
constexpr int widestColumn = 32;

struct Row
{
    QString name;
    QString text;
};

struct Section
{
    QString title;
    QList<Row> rows;
};

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

QString spaces(qsizetype count)
{
    return QString(count, u' ');
}

Row rowOf(const CLI::Option &option)
{
    return {spelling(option), explanation(option)};
}

/// Whether it is --help or --version.
bool isGeneral(const CLI::App &app, const CLI::Option &option)
{
    return &option == app.get_help_ptr() || &option == app.get_version_ptr();
}

Section arguments(const CLI::App &app)
{
    Section section{QStringLiteral("Arguments"), {}};
    for (const CLI::Option *option : app.get_options()) {
        if (option->get_positional())
            section.rows.append(rowOf(*option));
    }
    return section;
}

/// What every program has comes last.
Section options(const CLI::App &app)
{
    Section section{QStringLiteral("Options"), {}};
    QList<Row> general;
    for (const CLI::Option *option : app.get_options()) {
        if (option->nonpositional())
            (isGeneral(app, *option) ? general : section.rows).append(rowOf(*option));
    }
    section.rows += general;
    return section;
}

/// Those of the program, where its commands take them as well.
Section inheritedOptions(const CLI::App &app)
{
    Section section;
    const CLI::App *heir = &app;
    while (heir->get_parent() && heir->get_fallthrough()) {
        heir = heir->get_parent();
        for (const CLI::Option *option : heir->get_options()) {
            if (!isGeneral(*heir, *option))
                section.rows.append(rowOf(*option));
        }
    }
    section.title = QStringLiteral("Options of %1 that work here, too").arg(text(heir->get_name()));
    return section;
}

/// Of all levels: a person looks for `key create`, and not for `key`.
void appendCommands(const CLI::App &app, const QString &path, QList<Row> &rows)
{
    for (const CLI::App *command : app.get_subcommands({})) {
        const QString name = path + text(command->get_name());
        rows.append({name, text(command->get_description())});
        appendCommands(*command, name + u' ', rows);
    }
}

Section commands(const CLI::App &app)
{
    Section section{QStringLiteral("Commands"), {}};
    appendCommands(app, {}, section.rows);
    return section;
}

QString usage(const CLI::App &app, const QString &path)
{
    QStringList words{path, QStringLiteral("[OPTIONS]")};
    for (const CLI::Option *option : app.get_options()) {
        if (option->nonpositional() && option->get_required())
            words.append(spelling(*option));
    }
    for (const CLI::Option *option : app.get_options()) {
        if (option->get_positional())
            words.append(option->get_required() ? spelling(*option) : u'[' + spelling(*option) + u']');
    }
    if (!app.get_subcommands({}).empty())
        words.append(app.get_require_subcommand_min() > 0 ? QStringLiteral("COMMAND") : QStringLiteral("[COMMAND]"));
    return words.join(u' ');
}

/// Where the explanations begin.
qsizetype columnOf(const std::vector<Section> &sections, int width)
{
    const qsizetype widest = std::min(widestColumn, width * 2 / 5);
    qsizetype column = 0;
    for (const Section &section : sections) {
        for (const Row &row : section.rows) {
            const qsizetype end = indent + row.name.size() + gap;
            if (end <= widest)
                column = std::max(column, end);
        }
    }
    return column == 0 ? widest : column;
}

QString paragraph(const QString &words, qsizetype width)
{
    return wrapped(words, width).join(u'\n') + u'\n';
}

/// The first line begins with `head`, the others below the end of `head`.
QString hanging(const QString &head, const QString &words, qsizetype width)
{
    return head + wrapped(words, width - head.size()).join(u'\n' + spaces(head.size())) + u'\n';
}

QString line(const Row &row, qsizetype column, qsizetype width)
{
    const QString name = spaces(indent) + row.name;
    if (name.size() + gap <= column)
        return hanging(name.leftJustified(column), row.text, width);
    return hanging(spaces(indent), row.name, width) + hanging(spaces(column), row.text, width);
}

} // namespace

HelpFormatter::HelpFormatter(int width)
    : m_width(width)
{}

std::string HelpFormatter::make_help(const CLI::App *app, std::string path, CLI::AppFormatMode) const
{
    const std::vector<Section> sections{arguments(*app), options(*app), inheritedOptions(*app), commands(*app)};
    const qsizetype column = columnOf(sections, m_width);
    QString help = paragraph(text(app->get_description()), m_width) + u'\n' +
                   hanging(QStringLiteral("Usage: "), usage(*app, text(path)), m_width);
    for (const Section &section : sections) {
        if (section.rows.isEmpty())
            continue;
        help += u'\n' + paragraph(section.title + u':', m_width);
        for (const Row &row : section.rows)
            help += line(row, column, m_width);
    }
    help += u'\n' + paragraph(text(app->get_footer()), m_width);
    return help.toStdString();
}

} // namespace hearth::commandline
