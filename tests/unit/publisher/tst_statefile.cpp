#include "statefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

class TestStateFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembers();
    void isEmptyAtFirst();
    void isForItsOwnerOnly();
    void treatsDamageAsNone_data();
    void treatsDamageAsNone();
    void saysWhenItCannotBeWritten();
    void liesWhereItBelongs_data();
    void liesWhereItBelongs();

private:
    QTemporaryDir m_directory;
    QString m_path = m_directory.filePath(QStringLiteral("below/state.json"));
};

void TestStateFile::remembers()
{
    const StateFile file(m_path);
    QVERIFY(file.save(ProviderSessionId(QStringLiteral("session-1"))));
    QVERIFY(file.save(ProviderSessionId(QStringLiteral("session-2"))));
    QCOMPARE(StateFile(m_path).load(), ProviderSessionId(QStringLiteral("session-2")));
}

void TestStateFile::isEmptyAtFirst()
{
    QVERIFY(StateFile(m_directory.filePath(QStringLiteral("none.json"))).load().isEmpty());
}

void TestStateFile::isForItsOwnerOnly()
{
    QVERIFY(StateFile(m_path).save(ProviderSessionId(QStringLiteral("session-1"))));
    const QFileDevice::Permissions others =
        QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
    QCOMPARE(QFileInfo(m_path).permissions() & others, QFileDevice::Permissions());
}

void TestStateFile::treatsDamageAsNone_data()
{
    QTest::addColumn<QByteArray>("content");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut") << QByteArray(R"({"providerSessionId":"ses)");
    QTest::newRow("otherJson") << QByteArray("[1]");
    QTest::newRow("notAText") << QByteArray(R"({"providerSessionId":7})");
    QTest::newRow("notAnId") << QByteArray(R"({"providerSessionId":"../../etc"})");
    QTest::newRow("tooLong") << QByteArray(R"({"providerSessionId":")") + QByteArray(65, 'x') + R"("})";
}

void TestStateFile::treatsDamageAsNone()
{
    QFETCH(QByteArray, content);

    const QString path = m_directory.filePath(QStringLiteral("damaged.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("damaged.json is damaged")));
    QVERIFY(StateFile(path).load().isEmpty());
}

void TestStateFile::saysWhenItCannotBeWritten()
{
    // Even an administrator cannot make a directory below a file.
    QFile file(m_directory.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto saved =
        StateFile(file.fileName() + QStringLiteral("/state.json")).save(ProviderSessionId(QStringLiteral("x")));
    QVERIFY(!saved.ok());
    QVERIFY(saved.error().code == ErrorCode::Io);
    QVERIFY(saved.error().message.contains(QStringLiteral("stateFile")));
}

void TestStateFile::liesWhereItBelongs_data()
{
    QTest::addColumn<QByteArray>("ofService");
    QTest::addColumn<QByteArray>("ofUser");
    QTest::addColumn<QString>("directory");

    const QString home = QDir::homePath() + QStringLiteral("/.local/state/hearth");
    QTest::newRow("nothing is set") << QByteArray() << QByteArray() << home;
    QTest::newRow("user") << QByteArray() << QByteArray("/state") << QStringLiteral("/state/hearth");
    QTest::newRow("service") << QByteArray("/var/lib/a") << QByteArray("/state") << QStringLiteral("/var/lib/a");
    QTest::newRow("several") << QByteArray("/var/lib/a:/var/lib/b") << QByteArray() << QStringLiteral("/var/lib/a");
    QTest::newRow("relative") << QByteArray("a") << QByteArray("state") << home;
}

void TestStateFile::liesWhereItBelongs()
{
    QFETCH(QByteArray, ofService);
    QFETCH(QByteArray, ofUser);
    const auto restore = qScopeGuard([service = qgetenv("STATE_DIRECTORY"), user = qgetenv("XDG_STATE_HOME")] {
        qputenv("STATE_DIRECTORY", service);
        qputenv("XDG_STATE_HOME", user);
    });
    qputenv("STATE_DIRECTORY", ofService);
    qputenv("XDG_STATE_HOME", ofUser);

    const QString path = StateFile::defaultPath(QStringLiteral("https://a"), QStringLiteral("/etc/a.yaml"));
    QTEST(QFileInfo(path).path(), "directory");
    QVERIFY(path.endsWith(QStringLiteral(".json")));
    QVERIFY(path != StateFile::defaultPath(QStringLiteral("https://b"), QStringLiteral("/etc/a.yaml")));
    QVERIFY(path != StateFile::defaultPath(QStringLiteral("https://a"), QStringLiteral("/etc/b.yaml")));
}

QTEST_GUILESS_MAIN(TestStateFile)
#include "tst_statefile.moc"
