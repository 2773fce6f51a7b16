// The tray app in trouble: the cable pulled out, a certificate that nobody trusts, a key that is refused, a name that
// is taken, a keyring that is locked, a machine that was suspended.

#include "tcpproxy.h"
#include "traytest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using board::IndicatorState;
using Kind = status::Attention::Kind;

class TestTrayTrouble final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void unpluggedNetwork();
    void wrongCertificate();
    void refusedKey();
    void revokedKey();
    void takenName();
    void lostBackend();
    void lockedKeyring();
    void missingKeyring();

private:
    void startWith(const QByteArray &yaml);
    /// The stack's own Llm, with the key in the keyring.
    void startWithKeyring();
    bool waitForAttention(Kind kind, const QString &words);
};

void TestTrayTrouble::startWith(const QByteArray &yaml)
{
    writeFile(yaml);
    makeApp();
    m_app->start();
}

void TestTrayTrouble::startWithKeyring()
{
    QByteArray head = configurationHead(m_stack->serverUrl());
    const QByteArray keyFile = "keyFile: " + m_stack->path(QStringLiteral("tray/key")).toUtf8();
    head.replace(keyFile, "keyStore: keyring");
    startWith(head + "llms:\n" + m_stack->llmEntry(Stack::llmName));
}

bool TestTrayTrouble::waitForAttention(Kind kind, const QString &words)
{
    const auto isThere = [&] {
        const std::vector<status::Attention> attentions = snapshot().attentions;
        return std::ranges::any_of(attentions, [&](const status::Attention &attention) {
            return attention.kind == kind && attention.text.contains(words);
        });
    };
    return QTest::qWaitFor(isThere, static_cast<int>(Program::patience.count()));
}

void TestTrayTrouble::unpluggedNetwork()
{
    QVERIFY(startServerSide());
    TcpProxy cable(m_stack->serverUrl());
    startWith(configurationHead(cable.url()) + "channel: {pingIntervalSeconds: 0.2, handshakeTimeoutSeconds: 0.5}\n" +
              "llms:\n" + m_stack->llmEntry(Stack::llmName));
    QVERIFY(waitUntilOnline());
    const quint64 epoch = snapshot().connection->epoch;
    cable.freeze();
    QVERIFY(waitUntil(IndicatorState::Offline));
    QVERIFY(!snapshot().problem.isEmpty());
    QVERIFY(!snapshot().connection);
    cable.cut();
    cable.thaw();
    QVERIFY(waitUntil(IndicatorState::Idle));
    QVERIFY(snapshot().connection->epoch > epoch);
    QCOMPARE(m_notifier.shown.size(), 0);
}

void TestTrayTrouble::wrongCertificate()
{
    QVERIFY(startServerSide({.tls = true}));
    startWith(configurationHead(m_stack->serverUrl()) + "llms:\n" + m_stack->llmEntry(Stack::llmName));
    // It tries again so soon here that the icon may never be seen offline.
    QTRY_VERIFY2_WITH_TIMEOUT(snapshot().problem.contains(QStringLiteral("certificate"), Qt::CaseInsensitive),
                              qPrintable(snapshot().problem), Program::patience.count());
    QVERIFY(!snapshot().connection);
    // The owner names the authority, and all is well.
    draft::ConfigDraft changed = m_app->host().draft().value();
    changed.setText(QStringLiteral("caFile"), m_stack->path(QStringLiteral("certificate.pem")));
    QVERIFY(m_app->host().save(changed).ok());
    QVERIFY(waitUntil(IndicatorState::Idle));
}

void TestTrayTrouble::refusedKey()
{
    QVERIFY(startServerSide());
    writeConfiguration();
    QFile key(m_stack->path(QStringLiteral("tray/key")));
    QVERIFY(key.open(QIODevice::WriteOnly));
    key.write("hk_0000000000000000000000000000000000000000000");
    key.close();
    makeApp();
    m_app->start();
    QVERIFY(waitForAttention(Kind::KeyRefused, QStringLiteral("key")));
    QVERIFY(waitUntil(IndicatorState::Attention));
    QTRY_COMPARE(m_notifier.shown.size(), 1);
}

void TestTrayTrouble::revokedKey()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QCOMPARE(m_stack->hearthd({QStringLiteral("key"), QStringLiteral("revoke"), QStringLiteral("publisher")}).exitCode,
             0);
    QVERIFY(waitForAttention(Kind::KeyRefused, QStringLiteral("key")));
    // Tried again and again, told once.
    const auto call = m_stack->call(m_stack->modelRequest("/v1/chat/completions", {}));
    QVERIFY(call->waitForEnd());
    QTRY_COMPARE(m_notifier.shown.size(), 1);
}

void TestTrayTrouble::takenName()
{
    QVERIFY(startServerSide());
    const auto rival =
        m_stack->launchPublisher(QStringLiteral("rival"), m_stack->key("publisher"), m_stack->llmEntry(Stack::llmName));
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(startApp("offerAgainSeconds: 0.2\n"));
    QVERIFY(waitForAttention(Kind::NameTaken, QString()));
    QTRY_COMPARE(m_notifier.shown.size(), 1);
    QVERIFY(m_notifier.shown.first().text.contains(QString::fromLatin1(Stack::llmName)));
    rival->signal(SIGTERM);
    QVERIFY(rival->waitForExit());
    QVERIFY(waitUntil(IndicatorState::Idle));
    QTRY_COMPARE(m_notifier.withdrawn.size(), 1);
}

void TestTrayTrouble::lostBackend()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    m_stack->backend().kill();
    QVERIFY(waitForAttention(Kind::BackendLost, QString()));
    QTRY_COMPARE(m_notifier.shown.size(), 1);
    QVERIFY(m_stack->startBackend());
    QVERIFY(waitUntil(IndicatorState::Idle));
}

void TestTrayTrouble::lockedKeyring()
{
    QVERIFY(startServerSide());
    m_appSettings.host.keyringRetry = std::chrono::milliseconds(100);
    m_keys.state = MemoryKeyStore::State::Locked;
    m_keys.keys.insert(platform::keyEntry(configFile()), m_stack->key("publisher"));
    startWithKeyring();
    QVERIFY(waitForAttention(Kind::KeyringLocked, QStringLiteral("keyring")));
    m_keys.state = MemoryKeyStore::State::Open;
    QVERIFY(waitUntil(IndicatorState::Idle));
    QVERIFY(snapshot().attentions.empty());
}

void TestTrayTrouble::missingKeyring()
{
    QVERIFY(startServerSide());
    m_keys.keys.clear();
    m_keys.state = MemoryKeyStore::State::Missing;
    startWithKeyring();
    QVERIFY(waitForAttention(Kind::KeyMissing, QStringLiteral("key")));
    m_keys.state = MemoryKeyStore::State::Open;
    m_keys.keys.insert(platform::keyEntry(configFile()), m_stack->key("publisher"));
    m_app->host().keyStored();
    QVERIFY(waitUntil(IndicatorState::Idle));
}

QTEST_MAIN(TestTrayTrouble)
#include "tst_traytrouble.moc"
