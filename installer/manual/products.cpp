#include "products.h"

#include "backendcommandline.h"
#include "commandline.h"
#include "commandsection.h"
#include "completion.h"
#include "configsample.h"
#include "configuration.h"
#include "manualpage.h"
#include "publishercommandline.h"
#include "publisherconfig.h"
#include "roff.h"
#include "serversettings.h"
#include "settingsection.h"
#include "traycommandline.h"

#include <QFile>

#include <array>

namespace hearth::manual {

namespace {

using Writer = QByteArray (*)(const CommandDescription &);

constexpr std::array<std::pair<QLatin1String, Writer>, 3> writers{{{QLatin1String("bash"), bashCompletion},
                                                                   {QLatin1String("zsh"), zshCompletion},
                                                                   {QLatin1String("fish"), fishCompletion}}};

/// The texts that are compiled in; that one is missing is a mistake of ours.
QByteArray textOf(const QString &name)
{
    QFile file(QStringLiteral(":/manual/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("There is no text %s.", qPrintable(name));
    return file.readAll();
}

/// The comment at the beginning of a file.
QString headOf(const QByteArray &text)
{
    QString head;
    for (const QByteArray &line : text.split('\n')) {
        if (!line.startsWith('#'))
            break;
        head += QString::fromUtf8(line) + u'\n';
    }
    return head;
}

QString pageOf(const QString &program)
{
    return program + (program == QLatin1String("hearthd") ? QLatin1String(".8") : QLatin1String(".1"));
}

QMap<QString, QString> partsOf(const CommandDescription &program)
{
    QMap<QString, QString> parts{{QStringLiteral("synopsis"), synopsisOf(program)},
                                 {QStringLiteral("options"), optionsOf(program)}};
    if (!program.commands.empty())
        parts.insert(QStringLiteral("commands"), commandsTextOf(program));
    return parts;
}

} // namespace

Products::Products(QString date)
    : m_date(std::move(date))
    , m_tables({{QStringLiteral("hearthd.yaml"), server::serverSettingTable()},
                {QStringLiteral("publisher.yaml"), publisher::publisherSettingTable()}})
{
    const auto add = [this](const CLI::App &app) {
        CommandDescription description = describe(app);
        m_programs.insert(description.name, std::move(description));
    };
    add(server::ServerCommandLine(m_tables[QStringLiteral("hearthd.yaml")]).app());
    add(headless::PublisherCommandLine(m_tables[QStringLiteral("publisher.yaml")]).app());
    add(tray::TrayCommandLine().app());
    add(testbackend::BackendCommandLine().app());
}

QStringList Products::pages() const
{
    QStringList pages;
    for (const QString &program : programs())
        pages.append(pageOf(program));
    for (const QString &file : files())
        pages.append(file + QLatin1String(".5"));
    return pages;
}

QStringList Products::shells()
{
    QStringList shells;
    for (const auto &[shell, write] : writers)
        shells.append(shell);
    return shells;
}

const CommandDescription &Products::program(const QString &name) const
{
    const auto found = m_programs.find(name);
    Q_ASSERT_X(found != m_programs.end(), "Products", qPrintable(name));
    return *found;
}

const SettingTable &Products::table(const QString &file) const
{
    const auto found = m_tables.find(file);
    Q_ASSERT_X(found != m_tables.end(), "Products", qPrintable(file));
    return *found;
}

Result<QByteArray> Products::page(const QString &name) const
{
    const QString subject = name.section(u'.', 0, -2);
    const QMap<QString, QString> parts =
        m_programs.contains(subject)
            ? partsOf(program(subject))
            : QMap<QString, QString>{{QStringLiteral("settings"), settingsOf(table(subject))},
                                     {QStringLiteral("example"), roffExample(QString::fromUtf8(example(subject)))}};
    return writePage({.name = name, .version = QStringLiteral(HEARTH_VERSION), .date = m_date},
                     QString::fromUtf8(textOf(u"pages/" % name % u".in")), parts);
}

QByteArray Products::completion(const QString &shell, const QString &program) const
{
    const auto *const found = std::ranges::find(writers, shell, &std::pair<QLatin1String, Writer>::first);
    Q_ASSERT_X(found != writers.end(), "Products", qPrintable(shell));
    return found->second(this->program(program));
}

Result<QByteArray> Products::sample(const QString &file) const
{
    const auto load = [this, &file](const QByteArray &text) {
        return loadConfiguration(table(file), {.file = file, .text = text});
    };
    const QByteArray liveText = textOf(u"samples/" % file);
    const Result<SettingValues> live = load(liveText);
    if (!live)
        return live.error();
    const Result<SettingValues> examples = load(textOf(u"samples/examples-" % file));
    if (!examples)
        return examples.error();
    return writeSample(table(file), {.head = headOf(liveText), .live = *live, .examples = *examples});
}

QByteArray Products::example(const QString &file) const
{
    return textOf(u"pages/" % file % u".example");
}

} // namespace hearth::manual
