// Public Llms whose backends fail, and what must not be reached: which error the client gets, and that neither the
// backend's address nor its key is in it.

#include "publicllmtest.h"

#include <QTcpServer>
#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestPublicLlmFailures final : public PublicLlmTest
{
    Q_OBJECT

private Q_SLOTS:
    void deadBackend();
    void silentBackend();
    void backendThatFallsSilent();
    void backendThatBreaksOff_data();
    void backendThatBreaksOff();
    void redirect();
    void keyThatDoesNotOpen_data();
    void keyThatDoesNotOpen();
    void serverItself();
    void nameOfTheServerItself();

private:
    void verifyDiscreet(const AnswerRecorder &recorder) const;
};

/// The words tell which Llm failed, and nothing of where it is.
void TestPublicLlmFailures::verifyDiscreet(const AnswerRecorder &recorder) const
{
    QVERIFY(recorder.error);
    const QString &message = recorder.error->message;
    QVERIFY2(message.contains("'m'"_L1), qPrintable(message));
    QVERIFY2(!message.contains("127.0.0.1"_L1) && !message.contains("localhost"_L1), qPrintable(message));
    QVERIFY(!isKeyIn(recorder));
    QCOMPARE(running(), 0);
    QCOMPARE(m_publicLlms->taskCount(), 0);
}

void TestPublicLlmFailures::deadBackend()
{
    m_server.reset();
    AnswerRecorder recorder;
    start(recorder);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::silentBackend()
{
    relay::InferRequest request = makeRequest(m_llm.name);
    request.firstByte = 10s;
    AnswerRecorder recorder;
    start(recorder, request);
    const Peer &peer = peerWithRequest();
    m_clock->advance(11s);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendTimeout);
    QTRY_VERIFY(peer.isClosed());
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::backendThatFallsSilent()
{
    relay::InferRequest request = makeRequest(m_llm.name);
    request.idle = 5s;
    AnswerRecorder recorder;
    start(recorder, request);
    peerWithRequest().write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    QTRY_COMPARE(recorder.body, QByteArray("abc"));
    m_clock->advance(6s);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendTimeout);
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::backendThatBreaksOff_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("isUnreachable");
    QTest::newRow("without an answer") << QByteArray() << true;
    QTest::newRow("in its head") << QByteArray("HTTP/1.1 200 OK\r\nContent-") << true;
    QTest::newRow("in its body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") << false;
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n") << false;
}

void TestPublicLlmFailures::backendThatBreaksOff()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, isUnreachable);
    AnswerRecorder recorder;
    start(recorder);
    Peer &peer = peerWithRequest();
    peer.write(answer);
    peer.close();
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == (isUnreachable ? ErrorCode::BackendUnreachable : ErrorCode::BackendError));
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::redirect()
{
    AnswerRecorder recorder;
    start(recorder);
    peerWithRequest().write("HTTP/1.1 307 Elsewhere\r\nLocation: " + m_server->url("/other") +
                            "\r\nContent-Length: 0\r\n\r\n");
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendError);
    QCOMPARE(recorder.calls, QStringList{u"failed"_s});
    QCOMPARE(m_server->peerCount(), 1);
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::keyThatDoesNotOpen_data()
{
    QTest::addColumn<QByteArray>("sealed");
    SecretBox other;
    const QTemporaryDir folder;
    QVERIFY(other.load(folder.filePath(u"secret.key"_s)));
    QTest::newRow("of another server") << other.seal(apiKey);
    QTest::newRow("damaged") << QByteArray("short");
}

void TestPublicLlmFailures::keyThatDoesNotOpen()
{
    QFETCH(QByteArray, sealed);
    m_llm.sealedApiKey = sealed;
    AnswerRecorder recorder;
    start(recorder);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendError);
    QCOMPARE(m_server->peerCount(), 0);
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::serverItself()
{
    m_addresses->setOwnPort(static_cast<quint16>(m_server->hostAndPort().split(':').last().toUInt()));
    AnswerRecorder recorder;
    start(recorder);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(m_server->peerCount(), 0);
    verifyDiscreet(recorder);
}

void TestPublicLlmFailures::nameOfTheServerItself()
{
    const QByteArray port = m_server->hostAndPort().split(':').last();
    m_addresses->setOwnPort(static_cast<quint16>(port.toUInt()));
    m_llm.url = u"http://localhost:%1/v1"_s.arg(QString::fromLatin1(port));
    AnswerRecorder recorder;
    start(recorder);
    QTRY_VERIFY_WITH_TIMEOUT(recorder.error, 10'000);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(m_server->peerCount(), 0);
    verifyDiscreet(recorder);
}

QTEST_GUILESS_MAIN(TestPublicLlmFailures)
#include "tst_publicllmfailures.moc"
