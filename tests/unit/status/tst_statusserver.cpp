// StatusServer and StatusClient, with each other and with sockets that behave badly.

#include "snapshotcodec.h"
#include "snapshots.h"
#include "statusclient.h"
#include "statusserver.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;

class TestStatusServer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhoConnects();
    void tellsChangesAtMostTwiceASecond();
    void tellsAgesWithoutChanges();
    void costsNothingWithoutClients();
    void raises();
    void isOpenToItsUserOnly();
    void replacesTheSocketOfTheDead();
    void saysWhenItCannotListen();
    void takesNoMoreThanItsClients();
    void cutsOffWhoDoesNotRead();
    void cutsOffWhoTalksTooMuch();
    void losesAServerThatEnds();
    void losesAServerThatIsNotThere();
    void losesAServerThatTalksNonsense_data();
    void losesAServerThatTalksNonsense();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("s.sock")); }

    void serve(StatusServerSettings settings = {});

    std::unique_ptr<QTemporaryDir> m_directory;
    FakeClock m_clock;
    PublisherSnapshot m_snapshot;
    /// How often a snapshot was asked for.
    int m_asked = 0;
    std::unique_ptr<StatusServer> m_server;
};

namespace {

/// A client that keeps what it hears.
struct Follower
{
    explicit Follower(const QString &path)
    {
        QObject::connect(&client, &StatusClient::snapshotReceived, &client,
                         [this](const PublisherSnapshot &snapshot) { snapshots.push_back(snapshot); });
        QObject::connect(&client, &StatusClient::lost, &client, [this] { ++losses; });
        client.connectTo(path);
    }

    bool waitForSnapshots(size_t count) const
    {
        return QTest::qWaitFor([this, count] { return snapshots.size() >= count; }, 5000);
    }

    bool waitForLoss() const
    {
        return QTest::qWaitFor([this] { return losses > 0; }, 5000);
    }

    StatusClient client;
    std::vector<PublisherSnapshot> snapshots;
    int losses = 0;
};

} // namespace

void TestStatusServer::init()
{
    m_server.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    m_snapshot = fullSnapshot();
    m_asked = 0;
}

void TestStatusServer::serve(StatusServerSettings settings)
{
    m_server = std::make_unique<StatusServer>(
        [this] {
            ++m_asked;
            return m_snapshot;
        },
        m_clock, settings);
    QVERIFY(m_server->listen(path()));
}

void TestStatusServer::tellsWhoConnects()
{
    serve();
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
    QCOMPARE(follower.snapshots.front(), fullSnapshot());
}

void TestStatusServer::tellsChangesAtMostTwiceASecond()
{
    serve();
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));

    m_clock.advance(500ms);
    m_snapshot.name = QStringLiteral("first");
    m_server->touch();
    m_clock.advance(0ms);
    QVERIFY(follower.waitForSnapshots(2));
    QCOMPARE(follower.snapshots.at(1).name, QStringLiteral("first"));

    m_asked = 0;
    for (int i = 0; i < 49; ++i) {
        m_server->touch();
        m_clock.advance(10ms);
    }
    QCOMPARE(m_asked, 0);
    m_snapshot.name = QStringLiteral("second");
    m_clock.advance(10ms);
    QCOMPARE(m_asked, 1);
    QVERIFY(follower.waitForSnapshots(3));
    QCOMPARE(follower.snapshots.at(2).name, QStringLiteral("second"));
}

void TestStatusServer::tellsAgesWithoutChanges()
{
    serve();
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
    m_clock.advance(5s);
    QVERIFY(follower.waitForSnapshots(2));
    m_clock.advance(5s);
    QVERIFY(follower.waitForSnapshots(3));
}

void TestStatusServer::costsNothingWithoutClients()
{
    serve();
    m_server->touch();
    m_clock.advance(1min);
    QCOMPARE(m_asked, 0);
    {
        Follower follower(path());
        QVERIFY(follower.waitForSnapshots(1));
    }
    // Until the server has seen its end it may be told once more.
    QTRY_VERIFY_WITH_TIMEOUT(([this] {
                                 const int before = m_asked;
                                 m_server->touch();
                                 m_clock.advance(5s);
                                 return m_asked == before;
                             }()),
                             5000);
}

void TestStatusServer::raises()
{
    serve();
    QSignalSpy raised(m_server.get(), &StatusServer::raiseRequested);
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
    follower.client.raise();
    QVERIFY(raised.count() == 1 || raised.wait());
    QCOMPARE(follower.losses, 0);
}

void TestStatusServer::isOpenToItsUserOnly()
{
    serve();
    const QFileDevice::Permissions all = QFile::permissions(path());
    QVERIFY(!(all & (QFileDevice::WriteGroup | QFileDevice::WriteOther)));
}

void TestStatusServer::replacesTheSocketOfTheDead()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    serve();
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
}

void TestStatusServer::saysWhenItCannotListen()
{
    StatusServer server([this] { return m_snapshot; }, m_clock);
    const QString tooLong = m_directory->filePath(QString(120, u'x'));
    const Result<void> listening = server.listen(tooLong);
    QVERIFY(!listening);
    QVERIFY(listening.error().code == ErrorCode::Io);
    QVERIFY(listening.error().message.contains(tooLong));
}

void TestStatusServer::takesNoMoreThanItsClients()
{
    serve({.maxClients = 2});
    Follower first(path());
    Follower second(path());
    QVERIFY(first.waitForSnapshots(1));
    QVERIFY(second.waitForSnapshots(1));
    Follower third(path());
    QVERIFY(third.waitForLoss());
    QVERIFY(third.snapshots.empty());
    QCOMPARE(first.losses + second.losses, 0);
}

void TestStatusServer::cutsOffWhoDoesNotRead()
{
    m_snapshot.problem = QString(100'000, u'x');
    serve({.maxUnreadBytes = 300'000});
    QLocalSocket lazy;
    lazy.setReadBufferSize(1000);
    lazy.connectToServer(path());
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
    QTRY_COMPARE_WITH_TIMEOUT(m_asked, 2, 5000);
    // Enough for what the kernel holds, too.
    for (int i = 0; i < 20; ++i) {
        m_clock.advance(5s);
        QVERIFY(follower.waitForSnapshots(static_cast<size_t>(i) + 2));
    }
    lazy.setReadBufferSize(0);
    QTRY_COMPARE_WITH_TIMEOUT(lazy.state(), QLocalSocket::UnconnectedState, 5000);
    QCOMPARE(follower.losses, 0);
}

void TestStatusServer::cutsOffWhoTalksTooMuch()
{
    serve();
    QLocalSocket loud;
    loud.connectToServer(path());
    QVERIFY(loud.waitForConnected(5000));
    loud.write(QByteArray(10'000, 'x'));
    QTRY_COMPARE_WITH_TIMEOUT(loud.state(), QLocalSocket::UnconnectedState, 5000);
}

void TestStatusServer::losesAServerThatEnds()
{
    serve();
    Follower follower(path());
    QVERIFY(follower.waitForSnapshots(1));
    m_server.reset();
    QVERIFY(follower.waitForLoss());
    QCOMPARE(follower.losses, 1);
}

void TestStatusServer::losesAServerThatIsNotThere()
{
    Follower follower(path());
    QCOMPARE(follower.losses, 0);
    QVERIFY(follower.waitForLoss());
}

void TestStatusServer::losesAServerThatTalksNonsense_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("noJson") << QByteArray("HTTP/1.1 200 OK\n");
    QTest::newRow("noLine") << QByteArray(StatusClient::maxLineBytes + 1, ' ');
    QTest::newRow("longLine") << QByteArray(StatusClient::maxLineBytes, ' ') + "{}\n";
    QTest::newRow("afterASnapshot") << encodeSnapshot({}) + "\n{]\n";
}

void TestStatusServer::losesAServerThatTalksNonsense()
{
    QFETCH(QByteArray, text);

    QLocalServer server;
    connect(&server, &QLocalServer::newConnection, this,
            [&server, text] { server.nextPendingConnection()->write(text); });
    QVERIFY(server.listen(path()));
    Follower follower(path());
    QVERIFY(follower.waitForLoss());
    QTest::qWait(0);
    QCOMPARE(follower.losses, 1);
}

QTEST_GUILESS_MAIN(TestStatusServer)
#include "tst_statusserver.moc"
