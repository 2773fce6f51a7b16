// PublisherHost beside another program that publishes with the same configuration.

#include "hostfixture.h"
#include "instancelock.h"
#include "statusclient.h"
#include "statusserver.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;

class TestHostElsewhere final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsTheOtherProgram();
    void showsAProgramThatCannotBeAsked();
    void asksAgain();
    void noticesTheEndOfTheOther();
    void takesOver();
    void doesNotTakeOverFromTheLiving();
    void reservesBeforeItPublishes();
    void showsAProgramOfAnotherEnvironment();
    void isRaisedByASecondStart();
    void publishesWithoutAPlaceForTheLock();

private:
    /// The other program tells how it is.
    void serve();

    std::unique_ptr<HostFixture> m;
    std::unique_ptr<InstanceLock> m_lock;
    std::unique_ptr<StatusServer> m_server;
};

void TestHostElsewhere::init()
{
    m = std::make_unique<HostFixture>();
    m_lock = std::make_unique<InstanceLock>(m->path());
    QVERIFY(m_lock->take());
}

void TestHostElsewhere::cleanup()
{
    m_server.reset();
    m_lock.reset();
    m.reset();
}

void TestHostElsewhere::serve()
{
    const auto snapshot = [] {
        PublisherSnapshot there;
        there.situation = Situation::Here;
        there.program = QStringLiteral("hearth-publisher");
        there.name = QStringLiteral("from-there");
        return there;
    };
    m_server = std::make_unique<StatusServer>(snapshot, m->clock);
    QVERIFY(m_server->listen(m_lock->socketPath()));
}

void TestHostElsewhere::showsTheOtherProgram()
{
    serve();
    m->start(m->plainConfiguration());
    QVERIFY(m->host->situation() == Situation::Elsewhere);
    QVERIFY(m->until([this] { return m->snapshot().name == QStringLiteral("from-there"); }));
    QVERIFY(m->snapshot().situation == Situation::Elsewhere);
    QCOMPARE(m->snapshot().program, QStringLiteral("hearth-publisher"));
    QCOMPARE(m->snapshot().configFile, m->path());
    QVERIFY(!m->dialer.isDialing());
    // What an owner wants cannot be told to it.
    m->host->pause();
    m->host->setPublished(QStringLiteral("one"), false);
    QCOMPARE(m->fileText(), m->plainConfiguration());
}

void TestHostElsewhere::showsAProgramThatCannotBeAsked()
{
    m->start(m->plainConfiguration());
    QVERIFY(m->host->situation() == Situation::Elsewhere);
    QCOMPARE(m->snapshot().program, QCoreApplication::applicationName());
    QCOMPARE(m->snapshot().processId, QCoreApplication::applicationPid());
    QVERIFY(m->until([this] { return m->host->situation() == Situation::Elsewhere; }));
}

void TestHostElsewhere::asksAgain()
{
    m->start(m->plainConfiguration());
    QCoreApplication::processEvents();
    serve();
    QVERIFY(m->until([this] { return m->snapshot().name == QStringLiteral("from-there"); }));
}

void TestHostElsewhere::noticesTheEndOfTheOther()
{
    serve();
    m->start(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->snapshot().name == QStringLiteral("from-there"); }));
    m_lock->release();
    m_server.reset();
    QVERIFY(m->until([this] { return m->host->situation() == Situation::Nowhere; }));
    QVERIFY(m->snapshot().situation == Situation::Nowhere);
    QVERIFY(!m->dialer.isDialing());
    m->host->connectNow();
    QVERIFY(!m->dialer.isDialing());
}

void TestHostElsewhere::takesOver()
{
    m->start(m->plainConfiguration());
    m_lock->release();
    QVERIFY(m->until([this] { return m->host->situation() == Situation::Nowhere; }));
    m->host->takeOver();
    QVERIFY(m->host->situation() == Situation::Here);
    QVERIFY(!m_lock->take());
    QVERIFY(m->takeCall());
}

void TestHostElsewhere::doesNotTakeOverFromTheLiving()
{
    m->start(m->plainConfiguration());
    m->host->takeOver();
    QVERIFY(m->host->situation() == Situation::Elsewhere);
    m_lock->release();
    QVERIFY(m->until([this] { return m->host->situation() == Situation::Nowhere; }));
    QVERIFY(m_lock->take());
    m->host->takeOver();
    QVERIFY(m->host->situation() == Situation::Elsewhere);
    QVERIFY(!m->dialer.isDialing());
}

void TestHostElsewhere::reservesBeforeItPublishes()
{
    m->make();
    QVERIFY(!m->host->reserve());
    m_lock->release();
    QVERIFY(m->host->reserve());
    QVERIFY(!m_lock->take());
    QVERIFY(m->host->situation() == Situation::Unconfigured);
    m->write(m->plainConfiguration());
    m->host->start();
    QVERIFY(m->takeCall());
}

void TestHostElsewhere::showsAProgramOfAnotherEnvironment()
{
    serve();
    QTemporaryDir elsewhere;
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(elsewhere.path()));
    m->start(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->snapshot().name == QStringLiteral("from-there"); }));
    QVERIFY(!m->dialer.isDialing());
}

void TestHostElsewhere::isRaisedByASecondStart()
{
    m_lock->release();
    m->start(m->plainConfiguration());
    StatusClient second;
    QSignalSpy told(&second, &StatusClient::snapshotReceived);
    second.connectTo(m_lock->socketPath());
    QVERIFY(told.wait());
    second.raise();
    QTRY_COMPARE(m->raises, 1);
}

void TestHostElsewhere::publishesWithoutAPlaceForTheLock()
{
    m_lock->release();
    qputenv("XDG_RUNTIME_DIR", "/dev/null");
    QVERIFY(m->goOnline(m->plainConfiguration()));
}

QTEST_GUILESS_MAIN(TestHostElsewhere)
#include "tst_hostelsewhere.moc"
