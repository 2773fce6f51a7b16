// Settings of the tray app that change while it is at work: by the app itself, by hand, and badly.

#include "traytest.h"

#include <QFile>

#include <sys/resource.h>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using board::IndicatorState;

namespace {

/// While it lives, no file of this process may grow: what a full disk does to a save.
class FullDisk
{
public:
    FullDisk()
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit none{0, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }

    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

private:
    rlimit m_before{};
};

} // namespace

class TestTraySettings final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void changeUnderARunningStream();
    void removedLlmFinishesItsStream();
    void publishOffAndOn();
    void editByHandIsApplied();
    void brokenEditKeepsTheRunningSettings();
    void fullDiskLosesNothing();
    void otherServerIsANewChannel();

private:
    draft::ConfigDraft draft() { return m_app->host().draft().value(); }

    QByteArray secondEntry() const { return m_stack->llmEntry("second-llm"); }

    bool isPublished(const QByteArray &name, const QByteArray &status = "active");
};

void TestTraySettings::init()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
}

bool TestTraySettings::isPublished(const QByteArray &name, const QByteArray &status)
{
    return QTest::qWaitFor([&] { return m_stack->llm(name)[QLatin1String("status")].toString().toUtf8() == status; },
                           static_cast<int>(Program::patience.count()));
}

void TestTraySettings::changeUnderARunningStream()
{
    const auto stream = startStream();
    const quint64 epoch = snapshot().connection->epoch;
    draft::ConfigDraft changed = draft();
    changed.setText(QStringLiteral("llms[0].description"), QStringLiteral("Under my desk"));
    changed.setInteger(QStringLiteral("llms[0].maxConcurrency"), 7);
    const QString second = changed.appendEntry(QStringLiteral("llms"), QStringLiteral("second-llm"));
    changed.setText(second + QStringLiteral(".model"), QString::fromLatin1(Stack::modelName));
    changed.setText(second + QStringLiteral(".url"), m_stack->backendUrl().toString() + QStringLiteral("/v1"));
    changed.setBoolean(second + QStringLiteral(".publish"), true);
    QVERIFY(!m_app->host().wouldReconnect(changed));
    const Result<void> saved = m_app->host().save(changed);
    QVERIFY2(saved.ok(), saved ? "" : qPrintable(saved.error().message));

    QVERIFY(isPublished("second-llm"));
    QCOMPARE(m_stack->llm()[QLatin1String("description")].toString(), QStringLiteral("Under my desk"));
    QCOMPARE(m_stack->llm()[QLatin1String("maxConcurrency")].toInt(), 7);
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QCOMPARE(snapshot().connection->epoch, epoch);
    QVERIFY(fileText().startsWith("# A remark of the owner.\n"));
}

void TestTraySettings::removedLlmFinishesItsStream()
{
    const auto stream = startStream();
    draft::ConfigDraft changed = draft();
    changed.removeEntry(QStringLiteral("llms"), 0);
    QVERIFY(m_app->host().save(changed).ok());
    QVERIFY(isPublished(Stack::llmName, "inactive"));
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
}

void TestTraySettings::publishOffAndOn()
{
    m_app->host().setPublished(QString::fromLatin1(Stack::llmName), false);
    QVERIFY(isPublished(Stack::llmName, "inactive"));
    QVERIFY(fileText().contains("publish: false"));
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
    m_app->host().setPublished(QString::fromLatin1(Stack::llmName), true);
    QVERIFY(isPublished(Stack::llmName));
}

void TestTraySettings::editByHandIsApplied()
{
    const auto stream = startStream();
    writeConfiguration(secondEntry());
    QVERIFY(isPublished("second-llm"));
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
}

void TestTraySettings::brokenEditKeepsTheRunningSettings()
{
    const QByteArray good = fileText();
    writeFile(good + "llmz: []\n");
    QVERIFY(waitUntil(IndicatorState::Attention));
    const qsizetype line = good.count('\n') + 1;
    const auto told = [&] {
        const std::vector<status::Attention> attentions = snapshot().attentions;
        return !attentions.empty() &&
               attentions.front().text.contains(QStringLiteral("publisher.yaml:%1: llmz").arg(line));
    };
    QVERIFY(told());
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
    const auto call = m_stack->call(m_stack->chat());
    QVERIFY(call->waitForEnd());
    QVERIFY(call->saysDone());
    writeFile(good);
    QVERIFY(waitUntil(IndicatorState::Idle));
}

void TestTraySettings::fullDiskLosesNothing()
{
    const QByteArray before = fileText();
    draft::ConfigDraft changed = draft();
    changed.setText(QStringLiteral("llms[0].description"), QStringLiteral("New"));
    {
        const FullDisk fullDisk;
        const Result<void> saved = m_app->host().save(changed);
        QVERIFY(!saved.ok());
        QVERIFY(saved.error().code == ErrorCode::Io);
        QVERIFY2(saved.error().message.contains(configFile()), qPrintable(saved.error().message));
    }
    QCOMPARE(fileText(), before);
    QCOMPARE(snapshot().state, publisher::ConnectionState::Online);
    QVERIFY(m_app->host().save(changed).ok());
    QTRY_COMPARE(m_stack->llm()[QLatin1String("description")].toString(), QStringLiteral("New"));
}

void TestTraySettings::otherServerIsANewChannel()
{
    draft::ConfigDraft changed = draft();
    QUrl other = m_stack->serverUrl();
    other.setHost(QStringLiteral("localhost"));
    changed.setText(QStringLiteral("server"), other.toString());
    QVERIFY(m_app->host().wouldReconnect(changed));
    const quint64 epoch = snapshot().connection->epoch;
    QVERIFY(m_app->host().save(changed).ok());
    QTRY_VERIFY_WITH_TIMEOUT(snapshot().connection && snapshot().connection->epoch > epoch, Program::patience.count());
    QCOMPARE(snapshot().server.host(), QStringLiteral("localhost"));
    QVERIFY(isPublished(Stack::llmName));
}

QTEST_MAIN(TestTraySettings)
#include "tst_traysettings.moc"
