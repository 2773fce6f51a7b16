// hearth-manual as the build runs it: the same everywhere, and without a display.

#include "products.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::manual;
using namespace Qt::StringLiterals;

class TestManualTool final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatTheProductsAre();
    void dependsOnNothingOfTheMachine_data();
    void dependsOnNothingOfTheMachine();
    void touchesAFileOnlyIfItChanges();
    void refuses_data();
    void refuses();

private:
    struct Outcome
    {
        int code;
        QByteArray output;
        QByteArray complaint;
    };

    /// Arguments are separated by spaces. The environment is the given one and nothing else.
    static Outcome run(const QString &arguments, const QStringList &environment = {});
};

TestManualTool::Outcome TestManualTool::run(const QString &arguments, const QStringList &environment)
{
    QProcess process;
    // Never empty: an empty one would be taken for no wish.
    process.setEnvironment(environment + QStringList{u"LC_ALL=C"_s});
    process.start(QStringLiteral(HEARTH_BIN_DIR "/hearth-manual"), arguments.split(u' '));
    process.waitForFinished();
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestManualTool::writesWhatTheProductsAre()
{
    const Products products(u"2026-11-20"_s);
    const Outcome page = run(u"man hearthd.8"_s, {u"SOURCE_DATE_EPOCH=1795132800"_s});
    QCOMPARE(page.complaint, QByteArray());
    QCOMPARE(page.output, *products.page(u"hearthd.8"_s));
    QCOMPARE(run(u"completion fish hearth-tray"_s).output, products.completion(u"fish"_s, u"hearth-tray"_s));
    QCOMPARE(run(u"config hearthd.yaml"_s).output, *products.sample(u"hearthd.yaml"_s));
}

void TestManualTool::dependsOnNothingOfTheMachine_data()
{
    QTest::addColumn<QString>("arguments");
    const Products products{QString()};
    for (const QString &page : products.pages())
        QTest::newRow(qPrintable(page)) << u"man "_s + page;
    for (const QString &file : products.files())
        QTest::newRow(qPrintable(file)) << u"config "_s + file;
    for (const QString &program : products.programs())
        QTest::newRow(qPrintable(program)) << u"completion bash "_s + program;
}

void TestManualTool::dependsOnNothingOfTheMachine()
{
    QFETCH(const QString, arguments);
    const Outcome here = run(arguments, {u"HOME=/home/one"_s, u"XDG_DATA_HOME=/one"_s, u"STATE_DIRECTORY=/one"_s});
    const Outcome there = run(arguments, {u"HOME=/home/two"_s, u"LANG=de_DE.UTF-8"_s, u"COLUMNS=40"_s});
    QCOMPARE(here.code, 0);
    QVERIFY(here.output.size() > 200);
    QCOMPARE(there.output, here.output);
    QVERIFY(!here.output.contains("/one"));
}

void TestManualTool::touchesAFileOnlyIfItChanges()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"hearthd.yaml"_s);
    const QString arguments = u"config hearthd.yaml --output "_s + path;
    QCOMPARE(run(arguments).code, 0);
    QFile file(path);
    const QDateTime longAgo = QDateTime::fromSecsSinceEpoch(1'000'000'000);
    QVERIFY(file.open(QIODevice::Append) && file.setFileTime(longAgo, QFileDevice::FileModificationTime));
    file.close();
    QCOMPARE(run(arguments).code, 0);
    QCOMPARE(QFileInfo(path).lastModified(), longAgo);

    QVERIFY(file.open(QIODevice::Append) && file.write("listen: nowhere\n") > 0);
    file.close();
    QCOMPARE(run(arguments).code, 0);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), *Products(QString()).sample(u"hearthd.yaml"_s));
}

void TestManualTool::refuses_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("a page that there is not") << u"man hearthd.1"_s << 2;
    QTest::newRow("a shell that there is not") << u"completion tcsh hearthd"_s << 2;
    QTest::newRow("nothing to do") << u"--output x"_s << 2;
    QTest::newRow("a folder that there is not") << u"man hearthd.8 --output /nowhere/hearthd.8"_s << 1;
}

void TestManualTool::refuses()
{
    QFETCH(const QString, arguments);
    const Outcome outcome = run(arguments);
    QTEST(outcome.code, "code");
    QVERIFY(!outcome.complaint.isEmpty());
    QCOMPARE(outcome.output, QByteArray());
}

QTEST_GUILESS_MAIN(TestManualTool)
#include "tst_manualtool.moc"
