// What the programs of a box make of their command lines; hearthd's is in tst_commandline.

#include "arguments.h"
#include "backendcommandline.h"
#include "publishercommandline.h"
#include "publisherconfig.h"
#include "traycommandline.h"

#include <QTest>

using namespace hearth;
using commandline::EarlyExit;
using hearth::testing::Arguments;

namespace {

auto publisherLine(const char *words)
{
    Arguments arguments(words);
    return headless::PublisherCommandLine(publisher::publisherSettingTable())
        .parse(arguments.count(), arguments.values());
}

auto trayLine(const char *words)
{
    Arguments arguments(words);
    return tray::TrayCommandLine().parse(arguments.count(), arguments.values());
}

auto backendLine(const char *words)
{
    Arguments arguments(words);
    return testbackend::BackendCommandLine().parse(arguments.count(), arguments.values());
}

template <typename Line>
int exitCode(const Line &line)
{
    const auto *const exit = std::get_if<EarlyExit>(&line);
    return exit ? exit->code : -1;
}

} // namespace

class TestProgramCommandLines final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishes();
    void setsUp();
    void setupSharesTheProgramsFlags();
    void nothingIsGivenByDefault();
    void tray();
    void backend();
    void backendDefaults();
    void exits_data();
    void exits();
};

void TestProgramCommandLines::publishes()
{
    const auto line = publisherLine("hearth-publisher --config /p.yaml --check --server http://s --name box");
    const auto *const options = std::get_if<headless::PublishOptions>(&line);
    QVERIFY(options);
    QCOMPARE(options->configFile, QStringLiteral("/p.yaml"));
    QVERIFY(options->isCheck);
    QCOMPARE(options->flags.size(), 2);
}

void TestProgramCommandLines::setsUp()
{
    const auto line =
        publisherLine("hearth-publisher setup --config /p.yaml --server http://s --key-file /k --ca-file /c --name box "
                      "--publish a --publish b --backend http://x --backend http://y --yes");
    const auto *const options = std::get_if<headless::SetupOptions>(&line);
    QVERIFY(options);
    QCOMPARE(options->configFile, QStringLiteral("/p.yaml"));
    QCOMPARE(options->server, QStringLiteral("http://s"));
    QCOMPARE(options->keyFile, QStringLiteral("/k"));
    QCOMPARE(options->caFile, QStringLiteral("/c"));
    QCOMPARE(options->name, QStringLiteral("box"));
    QCOMPARE(options->models, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(options->backends, (QStringList{QStringLiteral("http://x"), QStringLiteral("http://y")}));
    QVERIFY(options->isSilent);
}

void TestProgramCommandLines::setupSharesTheProgramsFlags()
{
    const auto line = publisherLine("hearth-publisher --server http://s --config /p.yaml setup --name box");
    const auto *const options = std::get_if<headless::SetupOptions>(&line);
    QVERIFY(options);
    QCOMPARE(options->server, QStringLiteral("http://s"));
    QCOMPARE(options->configFile, QStringLiteral("/p.yaml"));
    QCOMPARE(options->name, QStringLiteral("box"));
}

void TestProgramCommandLines::nothingIsGivenByDefault()
{
    const auto publish = publisherLine("hearth-publisher");
    const auto *const publishOptions = std::get_if<headless::PublishOptions>(&publish);
    QVERIFY(publishOptions);
    QVERIFY(publishOptions->configFile.isEmpty() && !publishOptions->isCheck && publishOptions->flags.isEmpty());

    const auto setup = publisherLine("hearth-publisher setup");
    const auto *const setupOptions = std::get_if<headless::SetupOptions>(&setup);
    QVERIFY(setupOptions);
    QVERIFY(setupOptions->configFile.isEmpty() && setupOptions->server.isEmpty() && setupOptions->keyFile.isEmpty() &&
            setupOptions->name.isEmpty());
    QVERIFY(setupOptions->models.isEmpty() && setupOptions->backends.isEmpty() && !setupOptions->isSilent);
}

void TestProgramCommandLines::tray()
{
    const auto line = trayLine("hearth-tray --hidden --config /p.yaml");
    const auto *const options = std::get_if<tray::StartOptions>(&line);
    QVERIFY(options);
    QCOMPARE(options->configFile, QStringLiteral("/p.yaml"));
    QVERIFY(options->isHidden);
    const auto plain = trayLine("hearth-tray");
    QVERIFY(!std::get<tray::StartOptions>(plain).isHidden && std::get<tray::StartOptions>(plain).configFile.isEmpty());
}

void TestProgramCommandLines::backend()
{
    const auto line = backendLine("hearth-testbackend --listen [::1]:0 --model a --model b --rate 0 --tokens 7 "
                                  "--api-key k --delay 5 --status 503 --cut-after 3 --malformed json --hang --asleep "
                                  "--wake-listen localhost:9 --boot-ms 40 --boot-fails --wake-status 500 --wake-hang");
    const auto *const options = std::get_if<testbackend::BackendOptions>(&line);
    QVERIFY(options);
    const testbackend::TestBackendSettings &backend = options->backend;
    QCOMPARE(backend.address, QHostAddress(QHostAddress::LocalHostIPv6));
    QCOMPARE(backend.port, 0);
    QCOMPARE(backend.models, (QByteArrayList{"a", "b"}));
    QCOMPARE(backend.rate, 0);
    QCOMPARE(backend.tokens, 7);
    QCOMPARE(backend.apiKey, QByteArray("k"));
    const testbackend::Directives &directives = backend.directives;
    QVERIFY(directives.delay == std::chrono::milliseconds(5) && directives.hang);
    QCOMPARE(directives.status.value_or(0), 503);
    QCOMPARE(directives.cut.value_or(0), 3);
    QVERIFY(directives.malformed == testbackend::Malformed::Json);
    QVERIFY(options->sleep.startsAsleep && options->sleep.bootFails);
    QVERIFY(options->sleep.boot == std::chrono::milliseconds(40));
    QVERIFY(options->hasWakeListener && options->wake.wakeHangs);
    QCOMPARE(options->wake.address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(options->wake.port, 9);
    QCOMPARE(options->wake.wakeStatus, 500);
}

void TestProgramCommandLines::backendDefaults()
{
    // The help states these.
    const auto line = backendLine("hearth-testbackend");
    const auto *const options = std::get_if<testbackend::BackendOptions>(&line);
    QVERIFY(options);
    QCOMPARE(options->backend.address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(options->backend.port, 8000);
    QCOMPARE(options->backend.models, QByteArrayList{"test-model"});
    QCOMPARE(options->backend.rate, 20);
    QCOMPARE(options->backend.tokens, 12);
    QVERIFY(options->sleep.boot == Duration::zero());
    QCOMPARE(options->wake.wakeStatus, 200);
    QVERIFY(!options->hasWakeListener);
}

void TestProgramCommandLines::exits_data()
{
    QTest::addColumn<int>("code");
    const auto row = [](const char *words, int code) { QTest::newRow(words) << code; };
    row("hearth-publisher --help", 0);
    row("hearth-publisher setup --help", 0);
    row("hearth-publisher --version", 0);
    row("hearth-publisher --config ''", 2);
    row("hearth-publisher --server ''", 2);
    row("hearth-publisher --yes", 2);
    row("hearth-publisher --check setup", 2);
    row("hearth-publisher setup --check", 2);
    row("hearth-publisher setup --publish ''", 2);
    row("hearth-publisher setup --publish a b", 2);
    row("hearth-publisher setup --name ''", 2);
    row("hearth-tray --version", 0);
    row("hearth-tray --config ''", 2);
    row("hearth-tray window", 2);
    row("hearth-testbackend --help", 0);
    row("hearth-testbackend --version", 0);
    row("hearth-testbackend --listen 127.0.0.1", 2);
    row("hearth-testbackend --wake-listen nowhere:1", 2);
    row("hearth-testbackend --rate -1", 2);
    row("hearth-testbackend --tokens 1000001", 2);
    row("hearth-testbackend --tokens 010", 2);
    row("hearth-testbackend --wake-status 600", 2);
    row("hearth-testbackend --boot-ms 1h", 2);
    row("hearth-testbackend --status 199", 2);
    row("hearth-testbackend --malformed all", 2);
}

void TestProgramCommandLines::exits()
{
    const char *const words = QTest::currentDataTag();
    const QByteArray program = QByteArray(words).split(' ').first();
    QTEST(program == "hearth-publisher" ? exitCode(publisherLine(words))
          : program == "hearth-tray"    ? exitCode(trayLine(words))
                                        : exitCode(backendLine(words)),
          "code");
}

QTEST_GUILESS_MAIN(TestProgramCommandLines)
#include "tst_programcommandlines.moc"
