#include "notifysocket.h"
#include "publisherfixture.h"
#include "servicereport.h"

#include <QTest>

using namespace hearth;
using namespace hearth::headless;
using namespace std::chrono_literals;

class TestServiceReport final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheConnection();
    void countsWhatTheServerTakes();
    void saysWhyItIsOffline();
    void tellsAnotherReasonToBeOffline();
    void tellsWhatIsLeftToFinish();
    void stopsWithNothingToFinish();
};

void TestServiceReport::followsTheConnection()
{
    PublisherFixture fixture;
    fixture.settings.server = QUrl(QStringLiteral("https://hearth.example.org"));
    fixture.make();
    QCOMPARE(serviceStatus(*fixture.publisher), QStringLiteral("offline"));
    fixture.connect();
    QCOMPARE(serviceStatus(*fixture.publisher), QStringLiteral("connecting to https://hearth.example.org"));
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.acceptAll();
    QTRY_COMPARE(serviceStatus(*fixture.publisher),
                 QStringLiteral("online at https://hearth.example.org with 1 of 1 models"));
}

void TestServiceReport::countsWhatTheServerTakes()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("new")));
    fixture.apply();
    QVERIFY(serviceStatus(*fixture.publisher).endsWith(QStringLiteral(" with 1 of 2 models")));
}

void TestServiceReport::saysWhyItIsOffline()
{
    PublisherFixture fixture;
    fixture.key = Error{ErrorCode::Configuration, QStringLiteral("There is no key.")};
    fixture.make();
    fixture.publisher->start();
    QCOMPARE(serviceStatus(*fixture.publisher), QStringLiteral("offline: There is no key."));
}

void TestServiceReport::tellsAnotherReasonToBeOffline()
{
    PublisherFixture fixture;
    fixture.make();
    testsupport::NotifySocket socket;
    service::ServiceManager manager(fixture.clock);
    ServiceReport report(*fixture.publisher, manager);
    fixture.publisher->start();
    fixture.dialer.refuse({ErrorCode::InvalidApiKey, QStringLiteral("The key is refused.")});
    report.begin();
    QCOMPARE(socket.takeNext(), QByteArray("READY=1\nSTATUS=offline: The key is refused."));
    fixture.key = Error{ErrorCode::Configuration, QStringLiteral("The key file is empty.")};
    fixture.clock.advance(60s);
    QCOMPARE(socket.takeNext(), QByteArray("STATUS=offline: The key file is empty."));
}

void TestServiceReport::tellsWhatIsLeftToFinish()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    fixture.infer(TaskId{2});
    QVERIFY(fixture.backend.waitForRequest(2));
    testsupport::NotifySocket socket;
    service::ServiceManager manager(fixture.clock);
    ServiceReport report(*fixture.publisher, manager);
    report.begin();
    QVERIFY(socket.takeNext().startsWith("READY=1\nSTATUS=online"));
    report.beginStopping(42s);
    QCOMPARE(socket.takeNext(),
             QByteArray("STOPPING=1\nEXTEND_TIMEOUT_USEC=42000000\nSTATUS=draining: 2 requests still running"));
    fixture.publisher->setIntake(publisher::Intake::Draining);
    fixture.backend.exchanges().front()->answer("{}");
    QCOMPARE(socket.next(), QByteArray("STATUS=draining: 1 request still running"));
    fixture.backend.exchanges().back()->answer("{}");
    QCOMPARE(socket.next(), QByteArray("STATUS=stopping"));
    fixture.publisher->stop();
    QVERIFY(fixture.publisher->state() == publisher::ConnectionState::Offline);
    QCOMPARE(socket.takeNext(), QByteArray());
}

void TestServiceReport::stopsWithNothingToFinish()
{
    PublisherFixture fixture;
    fixture.make();
    testsupport::NotifySocket socket;
    service::ServiceManager manager(fixture.clock);
    ServiceReport report(*fixture.publisher, manager);
    report.begin();
    QVERIFY(socket.takeNext().startsWith("READY=1\n"));
    report.beginStopping(1s);
    QCOMPARE(socket.takeNext(), QByteArray("STOPPING=1\nEXTEND_TIMEOUT_USEC=1000000\nSTATUS=stopping"));
}

QTEST_GUILESS_MAIN(TestServiceReport)
#include "tst_servicereport.moc"
