#include "traytest.h"

#include <QDir>

namespace hearth::testsupport {

void TrayTest::initTestCase()
{
    // Nobody's own files: locks, autostart entries, window geometry.
    for (const char *variable : {"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"})
        QVERIFY(qputenv(variable, QFile::encodeName(m_home.path())));
    qunsetenv("RUNTIME_DIRECTORY");
    // By this name a second start knows the first one.
    QCoreApplication::setApplicationName(QStringLiteral("hearth-tray"));
    m_appSettings.presence.interval = std::chrono::milliseconds(50);
}

void TrayTest::cleanup()
{
    if (m_app)
        endApp();
    StackTest::cleanup();
}

bool TrayTest::startServerSide(const StackSettings &settings)
{
    makeStack(settings);
    return QTest::qVerify(m_stack->makeKeys() && (!settings.hasBackend || m_stack->startBackend()) &&
                              m_stack->startServer(),
                          "the server's side starts", "The programs do not come up.", __FILE__, __LINE__);
}

QByteArray TrayTest::configurationHead(const QUrl &server) const
{
    QByteArray yaml = "# A remark of the owner.\nserver: " + server.toEncoded() + "\nname: tray-box\n";
    yaml += "keyFile: " + m_stack->path(QStringLiteral("tray/key")).toUtf8() + '\n';
    yaml += "stateFile: " + m_stack->path(QStringLiteral("tray/state.json")).toUtf8() + '\n';
    // So short that no test waits for them.
    return yaml + "reconnect: {minSeconds: 0.05, maxSeconds: 0.2}\nwatchIntervalSeconds: 0.2\nwakePollSeconds: 0.1\n";
}

void TrayTest::writeConfiguration(const QByteArray &more)
{
    writeFile(configurationHead(m_stack->serverUrl()) + "llms:\n" + m_stack->llmEntry(Stack::llmName) + more);
}

void TrayTest::writeFile(const QByteArray &text) const
{
    QVERIFY(QDir().mkpath(m_stack->path(QStringLiteral("tray"))));
    const auto write = [](const QString &path, const QByteArray &content) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    };
    write(m_stack->path(QStringLiteral("tray/key")), m_stack->key("publisher"));
    write(configFile(), text);
}

QByteArray TrayTest::fileText() const
{
    QFile file(configFile());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TrayTest::makeApp()
{
    m_autostart = std::make_unique<platform::Autostart>(programPath(QStringLiteral("hearth-tray")), configFile());
    m_app = std::make_unique<tray::TrayApp>(tray::TrayAppParts{.configFile = configFile(),
                                                               .environment = {},
                                                               .clock = m_clock,
                                                               .keys = m_keys,
                                                               .notifier = m_notifier,
                                                               .probes = m_presence,
                                                               .autostart = *m_autostart,
                                                               .backendPorts = m_backendPorts},
                                            m_appSettings);
}

bool TrayTest::startApp(const QByteArray &more)
{
    writeConfiguration(more);
    makeApp();
    m_app->start();
    return waitUntilOnline();
}

void TrayTest::endApp()
{
    QSignalSpy finished(m_app.get(), &tray::TrayApp::finished);
    m_app->quitNow();
    QVERIFY(!finished.isEmpty() || finished.wait(Program::patience.count()));
    m_app.reset();
    m_notifier.shown.clear();
    m_notifier.withdrawn.clear();
    m_keys.state = MemoryKeyStore::State::Open;
    m_keys.keys.clear();
    m_presence.onBattery = false;
    m_presence.fullScreen = false;
    m_presence.running.clear();
}

bool TrayTest::waitUntilOnline()
{
    return QTest::qWaitFor([this] { return snapshot().state == publisher::ConnectionState::Online; },
                           static_cast<int>(Program::patience.count()));
}

bool TrayTest::waitUntil(board::IndicatorState state, std::chrono::milliseconds limit)
{
    return QTest::qWaitFor([&] { return m_app->board().indicatorState() == state; }, static_cast<int>(limit.count()));
}

const status::LlmSnapshot *TrayTest::llm(const QString &name) const
{
    for (int row = 0; row < m_app->board().llms().rowCount(); ++row) {
        const status::LlmSnapshot *const found = m_app->board().llms().llm(row);
        if (found->name == name)
            return found;
    }
    return nullptr;
}

std::unique_ptr<HttpCall> TrayTest::startStream(int events) const
{
    auto call =
        m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 50}, {QStringLiteral("tokens"), events}})));
    if (!call->waitForEvents(3))
        QTest::qFail("The stream does not begin.", __FILE__, __LINE__);
    return call;
}

} // namespace hearth::testsupport
