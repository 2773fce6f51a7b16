// The manual pages say everything that the programs can do, and say it as man(7) wants it.

#include "manualpage.h"
#include "products.h"
#include "roff.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::manual;
using namespace Qt::StringLiterals;

namespace {

/// All that the command prints; nothing where it is not installed.
std::optional<QString> outputOf(const QString &program, const QStringList &arguments)
{
    if (QStandardPaths::findExecutable(program).isEmpty())
        return std::nullopt;
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    environment.insert(u"MANWIDTH"_s, u"80"_s);
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished();
    return QString::fromUtf8(process.readAll());
}

/// Pages of ours that a text refers to: `hearthd.yaml(5)`.
QStringList referencesIn(const QString &text)
{
    static const QRegularExpression reference(
        QStringLiteral("((?:hearth[a-z-]*|publisher)(?:\\.yaml)?)\\s*\\(([1-8])\\)"));
    QStringList pages;
    for (const QRegularExpressionMatch &match : reference.globalMatch(text))
        pages.append(match.captured(1) + u'.' + match.captured(2));
    return pages;
}

} // namespace

class TestManualPages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsEveryPlace();
    void refusesATextThatLosesAPart();
    void bearsTheDateThatItIsGiven();
    void tellsEveryOptionAndCommand_data();
    void tellsEveryOptionAndCommand();
    void tellsEveryExitStatus_data();
    void tellsEveryExitStatus();
    void tellsEverySetting_data();
    void tellsEverySetting();
    void refersToPagesThatExist_data();
    void refersToPagesThatExist();
    void isMentionedByTheHelp_data();
    void isMentionedByTheHelp();
    void isCleanRoff_data();
    void isCleanRoff();
    void fitsIntoATerminal_data();
    void fitsIntoATerminal();

private:
    void addPages() const;
    void addPrograms() const;
    QString page(const QString &name) const;
    /// Somewhere on the disk.
    QString write(const QString &name) const;

    const Products m_products{u"2026-11-20"_s};
    const QTemporaryDir m_folder;
};

void TestManualPages::addPages() const
{
    QTest::addColumn<QString>("name");
    for (const QString &name : m_products.pages())
        QTest::newRow(qPrintable(name)) << name;
}

void TestManualPages::addPrograms() const
{
    QTest::addColumn<QString>("program");
    for (const QString &program : m_products.programs())
        QTest::newRow(qPrintable(program)) << program;
}

QString TestManualPages::page(const QString &name) const
{
    const Result<QByteArray> page = m_products.page(name);
    return page ? QString::fromUtf8(*page) : page.error().message;
}

QString TestManualPages::write(const QString &name) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(page(name).toUtf8()) < 0)
        qFatal("cannot write");
    return file.fileName();
}

void TestManualPages::fillsEveryPlace()
{
    const Result<QByteArray> page =
        writePage({.name = u"a-b.yaml.5"_s, .version = u"1.2.3"_s, .date = {}},
                  u".SH NAME\na \\- does it@home\n@options@\n.SH END\n"_s, {{u"options"_s, u".TP\n--x\n"_s}});
    QVERIFY(page);
    QCOMPARE(QString::fromUtf8(*page).section(u'\n', 1),
             u".nh\n.nr HY 0\n.ad l\n.SH NAME\na \\- does it@home\n.TP\n--x\n.SH END\n"_s);
    QCOMPARE(QString::fromUtf8(*page).section(u'\n', 0, 0),
             u".TH \"A\\-B.YAML\" \"5\" \"\" \"Hearth 1.2.3\" \"File Formats\""_s);
}

void TestManualPages::refusesATextThatLosesAPart()
{
    const PageHead head{.name = u"a.1"_s, .version = u"1.2.3"_s, .date = {}};
    const Result<QByteArray> unknown = writePage(head, u"@optoins@\n"_s, {});
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().message, u"The text of a.1 has a place for @optoins@, which is unknown."_s);
    const Result<QByteArray> without = writePage(head, u".SH NAME\n"_s, {{u"options"_s, {}}});
    QVERIFY(!without);
    QCOMPARE(without.error().message, u"The text of a.1 has no place for options."_s);
}

void TestManualPages::bearsTheDateThatItIsGiven()
{
    QVERIFY(page(u"hearthd.8"_s).startsWith(u".TH \"HEARTHD\" \"8\" \"2026-11-20\" "));
    const Result<QByteArray> undated = Products(QString()).page(u"hearthd.8"_s);
    QVERIFY(undated);
    QVERIFY(undated->startsWith(".TH \"HEARTHD\" \"8\" \"\" "));
}

void TestManualPages::tellsEveryOptionAndCommand_data()
{
    addPrograms();
}

void TestManualPages::tellsEveryOptionAndCommand()
{
    QFETCH(const QString, program);
    const CommandDescription &description = m_products.program(program);
    const QString text = page(program + (program == "hearthd"_L1 ? ".8"_L1 : ".1"_L1));
    const QString synopsis = text.section(u".SH SYNOPSIS"_s, 1).section(u".SH "_s, 0, 0);
    const QString entries = text.section(u".SH OPTIONS"_s, 1);
    QVERIFY(description.options.size() >= 3);
    for (const CommandDescription *command : commandsOf(description)) {
        QVERIFY2(command->needsCommand || synopsis.contains(u".SY \"" + roffText(command->path) + u'"'),
                 qPrintable(command->path));
        const QString words = command->path.section(u' ', 1);
        const QString heading = u".SS " + roffText(words) + u'\n';
        const bool hasSection = !words.isEmpty() && !command->needsCommand;
        QVERIFY2(!hasSection || entries.contains(heading), qPrintable(command->path));
        const QString part = hasSection ? entries.section(heading, 1).section(u".S"_s, 0, 0) : entries;
        for (const OptionDescription &option : command->options + command->arguments) {
            const bool isStandard = option.names.last() == "--help"_L1;
            QVERIFY2((isStandard && hasSection) || part.contains(roffSentences(option.help)),
                     qPrintable(command->path + u' ' + option.names.last()));
            const bool isArgument = !option.names.last().startsWith(u'-');
            const QString tag = isArgument ? roffItalic(option.value) : roffBold(option.names.last());
            QVERIFY2((isStandard && hasSection) || part.contains(tag), qPrintable(option.names.last()));
        }
    }
}

void TestManualPages::tellsEveryExitStatus_data()
{
    addPrograms();
}

void TestManualPages::tellsEveryExitStatus()
{
    QFETCH(const QString, program);
    const QString text = page(program + (program == "hearthd"_L1 ? ".8"_L1 : ".1"_L1));
    const QString statuses = text.section(u".SH EXIT STATUS"_s, 1).section(u".SH "_s, 0, 0);
    for (const char *status : {"0", "1", "2"})
        QVERIFY2(statuses.contains(u".TP\n.B "_s + QLatin1String(status) + u'\n'), status);
}

void TestManualPages::tellsEverySetting_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file : m_products.files())
        QTest::newRow(qPrintable(file)) << file;
}

void TestManualPages::tellsEverySetting()
{
    QFETCH(const QString, file);
    const QString text = page(file + u".5");
    const auto entryOf = [&text](const Setting &setting, const QString &part) -> QString {
        const QString tag = u".TP\n" + roffBold(setting.key) + u'\n';
        return text.section(part, 1).section(tag, 1).section(QRegularExpression(u"\n\\.(TP|S)"_s), 0, 0) + u'\n';
    };
    for (const Setting &setting : m_products.table(file)) {
        const QString entry = entryOf(setting, u".SH SETTINGS"_s);
        QVERIFY2(entry.startsWith(roffSentences(setting.help)), qPrintable(setting.key));
        QCOMPARE(entry.contains(u"A reload takes a new value over."_s), setting.reloadable);
        QCOMPARE(entry.contains(roffText(setting.variable()) + u'\n'), !setting.isStructure());
        QVERIFY2(setting.defaultWords.isEmpty() || entry.contains(roffText(setting.defaultWords)),
                 qPrintable(setting.key));
        for (const Setting &field : setting.fields) {
            const QString fieldEntry = entryOf(field, u".SS Each entry of "_s + setting.key);
            QVERIFY2(fieldEntry.startsWith(roffSentences(field.help)), qPrintable(field.key));
            QCOMPARE(fieldEntry.contains("Required"_L1), field.required);
        }
    }
}

void TestManualPages::refersToPagesThatExist_data()
{
    addPages();
}

void TestManualPages::refersToPagesThatExist()
{
    QFETCH(const QString, name);
    const QString text = page(name).replace("\\-"_L1, "-"_L1);
    const QStringList references = referencesIn(text.section(u".SH SEE ALSO"_s, 1).remove(u'"'));
    QVERIFY(!references.isEmpty());
    for (const QString &reference : references + referencesIn(text)) {
        QVERIFY2(m_products.pages().contains(reference), qPrintable(reference));
        QVERIFY2(reference != name, "refers to itself");
    }
}

void TestManualPages::isMentionedByTheHelp_data()
{
    addPrograms();
}

void TestManualPages::isMentionedByTheHelp()
{
    QFETCH(const QString, program);
    const std::optional<QString> help = outputOf(QStringLiteral(HEARTH_BIN_DIR "/") + program, {u"--help"_s});
    QVERIFY(help);
    const QStringList references = referencesIn(*help);
    QVERIFY2(!references.isEmpty(), qPrintable(*help));
    QCOMPARE(references.first().section(u'.', 0, -2), program);
    for (const QString &reference : references)
        QVERIFY2(m_products.pages().contains(reference), qPrintable(reference));
}

void TestManualPages::isCleanRoff_data()
{
    addPages();
}

void TestManualPages::isCleanRoff()
{
    QFETCH(const QString, name);
    const std::optional<QString> findings =
        outputOf(u"mandoc"_s, {u"-T"_s, u"lint"_s, u"-W"_s, u"warning"_s, write(name)});
    if (!findings)
        QSKIP("mandoc is not installed.");
    QCOMPARE(*findings, QString());
    const std::optional<QString> warnings =
        outputOf(u"groff"_s, {u"-man"_s, u"-ww"_s, u"-Tutf8"_s, u"-z"_s, write(name)});
    if (!warnings)
        QSKIP("groff is not installed.");
    QCOMPARE(*warnings, QString());
}

void TestManualPages::fitsIntoATerminal_data()
{
    addPages();
}

void TestManualPages::fitsIntoATerminal()
{
    QFETCH(const QString, name);
    const std::optional<QString> shown =
        outputOf(u"mandoc"_s, {u"-T"_s, u"utf8"_s, u"-O"_s, u"width=80"_s, write(name)});
    if (!shown)
        QSKIP("mandoc is not installed.");
    // What overstrikes to make a letter bold takes no room.
    const QString plain = QString(*shown).remove(QRegularExpression(u".\\x08"_s));
    QVERIFY(plain.count(u'\n') > 30);
    for (const QString &line : plain.split(u'\n'))
        QVERIFY2(line.size() <= 80, qPrintable(line));
}

QTEST_GUILESS_MAIN(TestManualPages)
#include "tst_manualpages.moc"
