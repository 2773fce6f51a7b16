#include "setupcommand.h"

#include "nextsteps.h"

#include <QTextStream>

namespace hearth::headless {

SetupCommand::SetupCommand(const SetupOptions &options, Terminal &terminal, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_place(ConfigPlace::of(options.configFile))
    , m_writer(m_place, {.key = options.keyFile, .ca = options.caFile})
    , m_terminal(terminal)
    , m_clock(clock)
    , m_client({}, clock)
    , m_dialog(options, terminal, m_client, clock)
{
    connect(&m_dialog, &SetupDialog::finished, this, &SetupCommand::answered);
}

void SetupCommand::start()
{
    if (const Result<void> free = m_writer.look(); !free)
        return fail(free.error());
    m_dialog.start();
}

void SetupCommand::answered(const Result<SetupAnswers> &answers)
{
    if (!answers)
        return fail(answers.error());
    const Result<publisher::PublisherSettings> settings = m_writer.write(*answers);
    if (!settings)
        return fail(settings.error());
    written(*settings);
}

void SetupCommand::written(const publisher::PublisherSettings &settings)
{
    m_terminal.say(QStringLiteral("\nThe configuration is in %1, the key in %2.").arg(m_place.file, settings.keyFile));
    if (!settings.caFile.isEmpty())
        m_terminal.say(QStringLiteral("A copy of the certificates is in %1.").arg(settings.caFile));
    auto *const run = new CheckRun(settings, m_terminal, m_clock, this);
    connect(run, &CheckRun::finished, this, &SetupCommand::checked);
    run->start();
}

void SetupCommand::checked(bool allIsWell)
{
    if (!allIsWell)
        m_terminal.say(QStringLiteral("\nThe configuration has been written, but not all is well; see above."));
    const bool isUsual = m_place.file == ConfigPlace::of({}).file;
    m_terminal.say(u'\n' + nextSteps(ServiceFacts::ofThisMachine(), m_place.file, isUsual));
    Q_EMIT finished(allIsWell ? 0 : 1);
}

void SetupCommand::fail(const Error &error)
{
    QTextStream(stderr) << "hearth-publisher: " << error.message << Qt::endl << "Nothing has been written." << Qt::endl;
    const bool isUsage = error.code == ErrorCode::Configuration || error.code == ErrorCode::Conflict;
    Q_EMIT finished(isUsage ? 2 : 1);
}

} // namespace hearth::headless
