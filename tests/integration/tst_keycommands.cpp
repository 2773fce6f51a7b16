// `hearthd key …` on the command line, as a person uses it.

#include "stacktest.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRegularExpression>

using namespace hearth;
using namespace hearth::testsupport;

class TestKeyCommands final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void createsAKey();
    void createsAKeyAsJson();
    void listsKeys();
    void updatesAKey();
    void revokesAKey_data();
    void revokesAKey();
    void explainsWrongUse_data();
    void explainsWrongUse();
    void explainsWhatCannotBeDone_data();
    void explainsWhatCannotBeDone();

private:
    CommandResult key(const QString &arguments) const;
    QJsonObject keyJson(const QString &arguments) const;
};

namespace {

const QRegularExpression keyPattern(QStringLiteral("^hk_[A-Za-z0-9_-]{43}$"));

QStringList strings(const QJsonValue &array)
{
    return array.toVariant().toStringList();
}

} // namespace

CommandResult TestKeyCommands::key(const QString &arguments) const
{
    return m_stack->hearthd(QStringList(QStringLiteral("key")) + arguments.split(u' ', Qt::SkipEmptyParts));
}

QJsonObject TestKeyCommands::keyJson(const QString &arguments) const
{
    return QJsonDocument::fromJson(key(arguments).output).object();
}

void TestKeyCommands::createsAKey()
{
    makeStack();
    const CommandResult created = key(QStringLiteral("create --name laptop --scope infer"));
    QCOMPARE(created.exitCode, 0);
    const QList<QByteArray> lines = created.output.split('\n');
    QVERIFY2(keyPattern.match(QString::fromUtf8(lines.first())).hasMatch(), created.output.constData());
    QVERIFY(created.output.contains("only this once"));
    QVERIFY(!key(QStringLiteral("list")).output.contains(lines.first()));
}

void TestKeyCommands::createsAKeyAsJson()
{
    makeStack();
    const QJsonObject created = keyJson(QStringLiteral(
        "create --name box --owner alice --scope publish --scope infer --models qwen*,llama --expires 90d --json"));
    const QString secret = created[QLatin1String("key")].toString();
    QVERIFY(keyPattern.match(secret).hasMatch());
    QCOMPARE(created[QLatin1String("prefix")].toString(), secret.left(11));
    QCOMPARE(created[QLatin1String("name")].toString(), QStringLiteral("box"));
    QCOMPARE(created[QLatin1String("owner")].toString(), QStringLiteral("alice"));
    QCOMPARE(strings(created[QLatin1String("scopes")]),
             QStringList({QStringLiteral("publish"), QStringLiteral("infer")}));
    QCOMPARE(strings(created[QLatin1String("models")]),
             QStringList({QStringLiteral("qwen*"), QStringLiteral("llama")}));
    QCOMPARE(created[QLatin1String("priority")].toString(), QStringLiteral("normal"));
    for (const char *limit : {"maxConcurrent", "requestsPerMinute", "tokensPerMinute"})
        QCOMPARE(created[QLatin1String(limit)].toInt(-1), 0);
    QCOMPARE(created[QLatin1String("state")].toString(), QStringLiteral("valid"));
    const auto expires = QDateTime::fromString(created[QLatin1String("expiresAt")].toString(), Qt::ISODate);
    const qint64 days = QDateTime::currentDateTimeUtc().daysTo(expires);
    QVERIFY(days == 90);
    const QJsonObject other = keyJson(QStringLiteral("create --name other --scope admin --json"));
    QVERIFY(other[QLatin1String("key")].toString() != secret);
    QCOMPARE(other[QLatin1String("owner")].toString(), QStringLiteral("other"));
    QVERIFY(other[QLatin1String("expiresAt")].isNull());
}

void TestKeyCommands::listsKeys()
{
    makeStack();
    const QByteArray secret = m_stack->createKey("laptop", {QStringLiteral("--scope"), QStringLiteral("infer")});
    m_stack->createKey("box", {QStringLiteral("--scope"), QStringLiteral("publish"), QStringLiteral("--models"),
                               QStringLiteral("qwen*")});
    QCOMPARE(key(QStringLiteral("revoke box")).exitCode, 0);
    QCOMPARE(key(QStringLiteral("create --name brief --scope infer --expires 0s")).exitCode, 0);

    const CommandResult table = key(QStringLiteral("list"));
    QCOMPARE(table.exitCode, 0);
    for (const char *word : {"NAME", "laptop", "infer", "valid", "never", "box", "publish", "revoked", "qwen*",
                             "PRIORITY", "normal", "brief", "expired"})
        QVERIFY2(table.output.contains(word), word);
    QVERIFY(table.output.contains(secret.first(11)) && !table.output.contains(secret.first(16)));

    const CommandResult json = key(QStringLiteral("list --json"));
    const QJsonArray rows = QJsonDocument::fromJson(json.output).array();
    QCOMPARE(rows.size(), 3);
    QMap<QString, QString> states;
    for (const QJsonValue &row : rows) {
        states[row[QLatin1String("name")].toString()] = row[QLatin1String("state")].toString();
        QVERIFY(!row.toObject().contains(QLatin1String("key")));
    }
    const QMap<QString, QString> expected{{QStringLiteral("laptop"), QStringLiteral("valid")},
                                          {QStringLiteral("box"), QStringLiteral("revoked")},
                                          {QStringLiteral("brief"), QStringLiteral("expired")}};
    QCOMPARE(states, expected);
    QVERIFY(!json.output.contains(secret.first(16)));
}

void TestKeyCommands::updatesAKey()
{
    makeStack();
    const QByteArray secret = m_stack->createKey("laptop", {QStringLiteral("--scope"), QStringLiteral("infer")});
    const CommandResult said = key(QStringLiteral("update laptop --scope publish"));
    QCOMPARE(said.exitCode, 0);
    QVERIFY(said.output.contains("laptop"));
    QJsonObject changed = keyJson(QStringLiteral("update laptop --models qwen*,llama --expires 12h --json"));
    QCOMPARE(strings(changed[QLatin1String("scopes")]), QStringList(QStringLiteral("publish")));
    QCOMPARE(strings(changed[QLatin1String("models")]),
             QStringList({QStringLiteral("qwen*"), QStringLiteral("llama")}));
    QVERIFY(changed[QLatin1String("expiresAt")].isString());
    QVERIFY(!changed.contains(QLatin1String("key")));
    changed = keyJson(QStringLiteral("update laptop --priority high --max-concurrent 4 --requests-per-minute 60 "
                                     "--tokens-per-minute 9000 --json"));
    QCOMPARE(changed[QLatin1String("priority")].toString(), QStringLiteral("high"));
    QCOMPARE(changed[QLatin1String("maxConcurrent")].toInt(), 4);
    QVERIFY(key(QStringLiteral("list")).output.contains("4 at once, 60 requests/min, 9000 tokens/min"));
    changed = keyJson(QStringLiteral("update laptop --requests-per-minute 0 --json"));
    QCOMPARE(changed[QLatin1String("requestsPerMinute")].toInt(-1), 0);
    QCOMPARE(changed[QLatin1String("tokensPerMinute")].toInt(), 9000);
    // By its prefix, and back to what it was.
    const QString prefix = QString::fromUtf8(secret.first(11));
    changed = QJsonDocument::fromJson(m_stack
                                          ->hearthd({QStringLiteral("key"), QStringLiteral("update"), prefix,
                                                     QStringLiteral("--models"), QString(), QStringLiteral("--expires"),
                                                     QStringLiteral("never"), QStringLiteral("--json")})
                                          .output)
                  .object();
    QVERIFY(strings(changed[QLatin1String("models")]).isEmpty());
    QVERIFY(changed[QLatin1String("expiresAt")].isNull());
    QCOMPARE(changed[QLatin1String("name")].toString(), QStringLiteral("laptop"));
}

void TestKeyCommands::revokesAKey_data()
{
    QTest::addColumn<bool>("byPrefix");
    QTest::newRow("by its name") << false;
    QTest::newRow("by its prefix") << true;
}

void TestKeyCommands::revokesAKey()
{
    QFETCH(bool, byPrefix);
    makeStack();
    const QByteArray secret = m_stack->createKey("laptop", {QStringLiteral("--scope"), QStringLiteral("infer")});
    m_stack->createKey("other", {QStringLiteral("--scope"), QStringLiteral("infer")});
    const QString which = byPrefix ? QString::fromUtf8(secret.first(11)) : QStringLiteral("laptop");
    const CommandResult said = key(QStringLiteral("revoke ") + which);
    QCOMPARE(said.exitCode, 0);
    QVERIFY(said.output.contains("laptop"));
    // Once more is no failure, and says when it was.
    const QJsonObject again = keyJson(QStringLiteral("revoke %1 --json").arg(which));
    QCOMPARE(again[QLatin1String("state")].toString(), QStringLiteral("revoked"));
    QVERIFY(again[QLatin1String("revokedAt")].isString());
    QVERIFY(key(QStringLiteral("list")).output.contains("valid"));
}

void TestKeyCommands::explainsWrongUse_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QByteArray>("hint");
    QTest::newRow("no command") << QString() << QByteArray("create, list, update or revoke");
    QTest::newRow("unknown command") << QStringLiteral("destroy laptop")
                                     << QByteArray("is not a command of hearthd key");
    QTest::newRow("no name") << QStringLiteral("create --scope infer") << QByteArray("--name");
    QTest::newRow("no scope") << QStringLiteral("create --name x") << QByteArray("--scope");
    QTest::newRow("unknown scope") << QStringLiteral("create --name x --scope root")
                                   << QByteArray("infer, publish or admin");
    QTest::newRow("bad expiry") << QStringLiteral("create --name x --scope infer --expires soon") << QByteArray("90d");
    QTest::newRow("unknown priority") << QStringLiteral("create --name x --scope infer --priority urgent")
                                      << QByteArray("low, normal or high");
    QTest::newRow("negative limit") << QStringLiteral("create --name x --scope infer --max-concurrent -1")
                                    << QByteArray("--max-concurrent");
    QTest::newRow("limit in words") << QStringLiteral("update laptop --tokens-per-minute many")
                                    << QByteArray("--tokens-per-minute must be a whole number");
    QTest::newRow("huge limit") << QStringLiteral("update laptop --requests-per-minute 1000000001")
                                << QByteArray("0 for no limit");
    QTest::newRow("unknown option") << QStringLiteral("create --name x --scope infer --admin") << QByteArray("--admin");
    QTest::newRow("update of nothing") << QStringLiteral("update") << QByteArray("NAME is missing");
    QTest::newRow("update to a bad scope")
        << QStringLiteral("update laptop --scope root") << QByteArray("infer, publish or admin");
    QTest::newRow("revoke of nothing") << QStringLiteral("revoke") << QByteArray("NAME-OR-PREFIX is missing");
}

void TestKeyCommands::explainsWrongUse()
{
    QFETCH(QString, arguments);
    QFETCH(QByteArray, hint);
    makeStack();
    m_stack->createKey("laptop", {QStringLiteral("--scope"), QStringLiteral("infer")});
    const CommandResult refused = key(arguments);
    QCOMPARE(refused.exitCode, 2);
    const QByteArray said = refused.errors + refused.output;
    QVERIFY2(said.contains(hint), said.constData());
    QCOMPARE(QJsonDocument::fromJson(key(QStringLiteral("list --json")).output).array().size(), 1);
}

void TestKeyCommands::explainsWhatCannotBeDone_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QByteArray>("hint");
    QTest::newRow("name taken") << QStringLiteral("create --name laptop --scope infer")
                                << QByteArray("hearthd key update");
    QTest::newRow("unknown to update") << QStringLiteral("update lptop --scope infer")
                                       << QByteArray("hearthd key list");
    QTest::newRow("unknown to revoke") << QStringLiteral("revoke lptop") << QByteArray("hearthd key list");
    QTest::newRow("half a prefix") << QStringLiteral("revoke hk_") << QByteArray("hearthd key list");
}

void TestKeyCommands::explainsWhatCannotBeDone()
{
    QFETCH(QString, arguments);
    QFETCH(QByteArray, hint);
    makeStack();
    m_stack->createKey("laptop", {QStringLiteral("--scope"), QStringLiteral("infer")});
    m_stack->createKey("box", {QStringLiteral("--scope"), QStringLiteral("publish")});
    const CommandResult refused = key(arguments);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains(hint), refused.errors);
    QVERIFY(refused.output.isEmpty());
}

QTEST_GUILESS_MAIN(TestKeyCommands)
#include "tst_keycommands.moc"
