// PublisherHost as the owner of a box uses it: pausing, publishing, waking, leaving.

#include "hostfixture.h"
#include "instancelock.h"

#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;
using hearth::host::PublisherHost;
using hearth::publisher::Intake;
using hearth::testsupport::MemoryKeyStore;
using Kind = hearth::status::Attention::Kind;

class TestPublisherHost final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m = std::make_unique<HostFixture>(); }

    void cleanup() { m.reset(); }

    void publishes();
    void staysOnlineWithNothingToPublish();
    void pausesAndResumes();
    void pausesForReasons();
    void publishesAndUnpublishes();
    void reportsAChangeThatCannotBeSaved();
    void forgetsAFailedChangeWithTheNextOne();
    void watchesAndCancelsRequests();
    void remembersTheLastHour();
    void wakes();
    void cancelsAWake();
    void waitsForTheKeyring();
    void takesANewKeyAtOnce();
    void takesAKeyThatWasStoredWhileItConnects();
    void takesANewKeyWhenTheOldOneIsRevoked();
    void saysThatTheKeyIsMissing();
    void stops();
    void stopsWithoutAPublisher();
    void stopsWhenIdle();
    void stopsAtOnceWhenNothingRuns();
    void stopsWhenTheLastWakeHasEnded();
    void stopsWhenTheServerHasReadAll();
    void goesOnAfterAll();
    void resumingIsStaying();

private:
    std::unique_ptr<HostFixture> m;
};

void TestPublisherHost::publishes()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_file"));
    const PublisherSnapshot snapshot = m->snapshot();
    QVERIFY(snapshot.situation == Situation::Here);
    QCOMPARE(snapshot.configFile, m->path());
    QCOMPARE(snapshot.name, QStringLiteral("gpu-box"));
    QCOMPARE(snapshot.llms.size(), 1u);
    QVERIFY(snapshot.llms.front().state == channel::ReportedState::Active);
    QVERIFY(snapshot.attentions.empty());
    QCOMPARE(snapshot.lastHour.size(), 60u);
}

void TestPublisherHost::staysOnlineWithNothingToPublish()
{
    QVERIFY(m->goOnline(m->configuration(m->llm("one", false))));
    QCOMPARE(m->registered(1), QStringList());
    QCOMPARE(m->snapshot().llms.size(), 1u);
    QVERIFY(!m->snapshot().llms.front().isPublished);
}

void TestPublisherHost::pausesAndResumes()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->host->pause();
    QVERIFY(m->snapshot().intake == Intake::Paused);
    QVERIFY(m->snapshot().llms.front().state == channel::ReportedState::Paused);
    m->host->drain();
    QVERIFY(m->snapshot().intake == Intake::Draining);
    m->host->resume();
    QVERIFY(m->snapshot().intake == Intake::Open);
}

void TestPublisherHost::pausesForReasons()
{
    m->make();
    m->host->setPauseReasons({QStringLiteral("on battery")});
    m->write(m->plainConfiguration());
    m->host->start();
    QVERIFY(m->takeCall());
    QVERIFY(m->snapshot().intake == Intake::Draining);
    QCOMPARE(m->snapshot().pauseReason, QStringLiteral("on battery"));
    m->host->resume();
    QVERIFY(m->snapshot().intake == Intake::Open);
    QVERIFY(m->snapshot().pauseReason.isEmpty());
}

void TestPublisherHost::publishesAndUnpublishes()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->host->setPublished(QStringLiteral("one"), false);
    QCOMPARE(m->registered(2), QStringList());
    m->acceptAll();
    QVERIFY(m->fileText().contains("publish: false"));
    QVERIFY(m->fileText().contains("# Written by hand."));
    QVERIFY(m->isOnline());
    m->host->setPublished(QStringLiteral("one"), true);
    QCOMPARE(m->registered(3), QStringList(QStringLiteral("one")));
    QCOMPARE(m->dialer.dialed, 1);
}

void TestPublisherHost::reportsAChangeThatCannotBeSaved()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->write("llms: [\n");
    m->host->setPublished(QStringLiteral("one"), false);
    QVERIFY(!m->attention(Kind::ConfigBroken).isEmpty());
    QVERIFY(!m->attention(Kind::NotSaved).isEmpty());
    QCOMPARE(m->fileText(), QByteArray("llms: [\n"));
    QVERIFY(m->snapshot().llms.front().isPublished);
    m->write(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->snapshot().attentions.empty(); }));
}

void TestPublisherHost::forgetsAFailedChangeWithTheNextOne()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->write(m->plainConfiguration() + "watchIntervalSeconds: often\n");
    m->host->setPublished(QStringLiteral("one"), false);
    QVERIFY(!m->attention(Kind::NotSaved).isEmpty());
    m->write(m->plainConfiguration());
    m->host->setPublished(QStringLiteral("one"), false);
    QVERIFY(m->snapshot().attentions.empty());
    QVERIFY(m->fileText().contains("publish: false"));
}

void TestPublisherHost::watchesAndCancelsRequests()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    const Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    const PublisherSnapshot snapshot = m->snapshot();
    QCOMPARE(snapshot.running(), 1);
    QCOMPARE(snapshot.requests.size(), 1u);
    QCOMPARE(snapshot.requests.front().path, QStringLiteral("/chat/completions"));
    QVERIFY(snapshot.llms.front().lastRequestAge);
    m->host->cancelRequest(TaskId{7});
    QVERIFY(m->until([this] { return m->server->terminals(TaskId{7}) == 1; }));
    QTRY_VERIFY(exchange->isGone());
    QVERIFY(m->snapshot().requests.empty());
}

void TestPublisherHost::remembersTheLastHour()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    exchange->answer(R"({"usage":{"prompt_tokens":3,"completion_tokens":12}})");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
    QTRY_COMPARE(m->snapshot().lastHour.back(), (MinuteSnapshot{1, 12}));
}

void TestPublisherHost::wakes()
{
    m->backend.stop();
    QVERIFY(m->goOnline(m->wakeableConfiguration()));
    QVERIFY(m->snapshot().llms.front().canBeWoken);
    m->host->wake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.size() == 1; }));
    QVERIFY(m->snapshot().llms.front().wake);
    m->recipes.runs.back().fail(ErrorCode::WakeFailed, QStringLiteral("The switch is broken."));
    QVERIFY(m->until([this] { return !m->attention(Kind::WakeFailed).isEmpty(); }));
    QVERIFY(m->attention(Kind::WakeFailed).contains(QStringLiteral("The switch is broken.")));

    m->host->wake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.size() == 2; }));
    m->backend.start();
    m->recipes.runs.back().succeed();
    QVERIFY(m->until([this] { return m->attention(Kind::WakeFailed).isEmpty(); }));
}

void TestPublisherHost::cancelsAWake()
{
    m->backend.stop();
    QVERIFY(m->goOnline(m->wakeableConfiguration()));
    m->host->wake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.size() == 1; }));
    m->host->cancelWake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.back().isBeingEnded(); }));
    m->recipes.runs.back().ended();
    QVERIFY(m->until([this] { return !m->snapshot().llms.front().wake; }));
    QVERIFY(m->snapshot().attentions.empty());
}

void TestPublisherHost::waitsForTheKeyring()
{
    m->keys.state = MemoryKeyStore::State::Locked;
    m->keys.keys[platform::keyEntry(m->path())] = "hk_ring";
    QByteArray text = m->plainConfiguration();
    text.replace(QByteArray("keyFile: " + m->path(QStringLiteral("publisher.key")).toUtf8()), "keyStore: keyring");
    m->start(text);
    QVERIFY(m->until([this] { return !m->attention(Kind::KeyringLocked).isEmpty(); }));
    QVERIFY(m->attention(Kind::KeyMissing).isEmpty());
    QVERIFY(m->attention(Kind::Replaced).isEmpty());
    QVERIFY(!m->dialer.isDialing());

    m->keys.state = MemoryKeyStore::State::Open;
    m->clock.advance(30s);
    QVERIFY(m->takeCall());
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_ring"));
    QVERIFY(m->snapshot().attentions.empty());
}

void TestPublisherHost::takesANewKeyAtOnce()
{
    m->start(m->plainConfiguration());
    QVERIFY(m->dialer.isDialing());
    m->dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("The server does not know this key.")});
    QCOMPARE(m->attention(Kind::KeyRefused), QStringLiteral("The server does not know this key."));
    m->storeKey("hk_new");
    m->host->keyStored();
    QVERIFY(m->dialer.isDialing());
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_new"));
    QVERIFY(m->takeCall());
    QVERIFY(m->snapshot().attentions.empty());
}

void TestPublisherHost::takesAKeyThatWasStoredWhileItConnects()
{
    m->start(m->plainConfiguration());
    QVERIFY(m->dialer.isDialing());
    m->storeKey("hk_new");
    m->host->keyStored();
    m->dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("The server does not know this key.")});
    QVERIFY(m->dialer.isDialing());
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_new"));
    QVERIFY(m->snapshot().attentions.empty());
    // The same key again is a matter for a person.
    m->dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("The server does not know this key.")});
    QVERIFY(!m->dialer.isDialing());
    QVERIFY(!m->attention(Kind::KeyRefused).isEmpty());
}

void TestPublisherHost::takesANewKeyWhenTheOldOneIsRevoked()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->storeKey("hk_new");
    m->host->keyStored();
    m->server->channel->close(channel::CloseCode::KeyRefused, QStringLiteral("The key was revoked."));
    QTRY_VERIFY(m->dialer.isDialing());
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_new"));
    QVERIFY(m->snapshot().attentions.empty());
    QVERIFY(m->takeCall());
}

void TestPublisherHost::saysThatTheKeyIsMissing()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    QVERIFY(QFile::remove(m->path(QStringLiteral("publisher.key"))));
    m->server->channel->breakOff();
    QVERIFY(m->until([this] { return !m->attention(Kind::KeyMissing).isEmpty(); }));
}

void TestPublisherHost::stops()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    const Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    m->host->stop();
    QCOMPARE(m->stops, 0);
    QTRY_COMPARE(m->stops, 1);
    QTRY_VERIFY(exchange->isGone());
    InstanceLock next(m->path());
    QVERIFY(next.take());
    QVERIFY(!QFile::exists(next.socketPath()));
}

void TestPublisherHost::stopsWithoutAPublisher()
{
    m->make();
    m->host->start();
    m->host->stop();
    m->host->stop();
    QCOMPARE(m->stops, 0);
    QTRY_COMPARE(m->stops, 1);
    QCoreApplication::processEvents();
    QCOMPARE(m->stops, 1);
}

void TestPublisherHost::stopsWhenIdle()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    m->host->stopWhenIdle();
    QVERIFY(m->snapshot().intake == Intake::Draining);
    QCoreApplication::processEvents();
    QCOMPARE(m->stops, 0);
    exchange->answer("{}");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
    QTRY_COMPARE(m->stops, 1);
}

void TestPublisherHost::stopsAtOnceWhenNothingRuns()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->host->stopWhenIdle();
    QTRY_COMPARE(m->stops, 1);
}

void TestPublisherHost::stopsWhenTheLastWakeHasEnded()
{
    m->backend.stop();
    QVERIFY(m->goOnline(m->wakeableConfiguration()));
    m->host->wake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.size() == 1; }));
    m->host->stopWhenIdle();
    for (int turn = 0; turn < 10; ++turn)
        QCoreApplication::processEvents();
    QCOMPARE(m->stops, 0);
    m->recipes.runs.back().fail(ErrorCode::WakeFailed, QStringLiteral("The switch is broken."));
    QVERIFY(m->until([this] { return m->stops == 1; }));
}

void TestPublisherHost::stopsWhenTheServerHasReadAll()
{
    m->start(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->dialer.isDialing(); }));
    // It sends, and reads nothing as long as nobody listens.
    std::unique_ptr<channel::MemoryChannel> end = m->dialer.acceptEnd();
    end->send(channel::Hello{QStringLiteral("0.1.0"), 15});
    for (int turn = 0; turn < 10; ++turn)
        QCoreApplication::processEvents();
    m->host->stop();
    for (int turn = 0; turn < 10; ++turn)
        QCoreApplication::processEvents();
    QCOMPARE(m->stops, 0);
    const ServerEnd reader(std::move(end));
    QTRY_COMPARE(m->stops, 1);
    QVERIFY(reader.closeReason);
}

void TestPublisherHost::resumingIsStaying()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    m->host->stopWhenIdle();
    QVERIFY(m->host->isLeaving());
    m->host->resume();
    QVERIFY(!m->host->isLeaving());
    QVERIFY(m->snapshot().intake == Intake::Open);
    exchange->answer("{}");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
    QVERIFY(m->until([this] { return m->snapshot().running() == 0; }));
    QCOMPARE(m->stops, 0);
}

void TestPublisherHost::goesOnAfterAll()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    m->host->stopWhenIdle();
    m->host->cancelStop();
    QVERIFY(m->snapshot().intake == Intake::Open);
    exchange->answer("{}");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
    QVERIFY(m->until([this] { return m->snapshot().running() == 0; }));
    QCOMPARE(m->stops, 0);
    QVERIFY(m->isOnline());
}

QTEST_GUILESS_MAIN(TestPublisherHost)
#include "tst_publisherhost.moc"
