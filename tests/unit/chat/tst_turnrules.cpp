// The rules of a turn that need no database: titles, open calls, and how much of the history fits.

#include "turnstart.h"

#include <QTest>

using namespace hearth;
using namespace hearth::chat;
using namespace hearth::domain;
using hearth::storage::TurnSize;

class TestTurnRules final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void title_data();
    void title();
    void history_data();
    void history();
    void openCalls_data();
    void openCalls();
};

void TestTurnRules::title_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("title");
    const QString sixty = QStringLiteral("123456789 ").repeated(5) + QStringLiteral("1234567890");
    QTest::newRow("short") << QStringLiteral("Hello") << QStringLiteral("Hello");
    QTest::newRow("one line") << QStringLiteral("  a\n\n b\tc ") << QStringLiteral("a b c");
    QTest::newRow("just fits") << sixty << sixty;
    QTest::newRow("one more letter") << sixty + u'x' << QStringLiteral("123456789 ").repeated(5).trimmed() + u'\u2026';
    QTest::newRow("ends with a word") << QStringLiteral("12345 ").repeated(9) + QStringLiteral("12345 and more")
                                      << QStringLiteral("12345 ").repeated(9) + QStringLiteral("12345") + u'\u2026';
    QTest::newRow("one long word") << QString(100, u'x') << QString(59, u'x') + u'\u2026';
    QTest::newRow("pair at the end") << QString(58, u'x') + QString::fromUtf8("\xF0\x9F\x94\xA5").repeated(9)
                                     << QString(58, u'x') + u'\u2026';
    QTest::newRow("blank") << QStringLiteral(" \n ") << QString();
}

void TestTurnRules::title()
{
    QFETCH(QString, message);
    QFETCH(QString, title);
    QCOMPARE(titleOf(message), title);
    QVERIFY(titleOf(message).size() <= 60);
}

void TestTurnRules::history_data()
{
    QTest::addColumn<QList<qint64>>("characters");
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<qsizetype>("count");
    const auto row = [](const char *name, const QList<qint64> &characters, qint64 tokens, qsizetype count) {
        QTest::newRow(name) << characters << tokens << count;
    };
    row("none", {}, 100, 0);
    row("all", {40, 40, 40}, 100, 3);
    row("just fits", {40, 40}, 20, 2);
    row("one too many", {40, 41}, 20, 1);
    row("a token that has begun counts", {41}, 10, 0);
    row("nothing smaller behind a large one", {4, 400, 4}, 50, 1);
    row("no budget", {4}, 0, 0);
    row("the present turn has taken it all", {4}, -5, 0);
}

void TestTurnRules::history()
{
    QFETCH(QList<qint64>, characters);
    QFETCH(qint64, tokens);
    QFETCH(qsizetype, count);
    QList<TurnSize> turns;
    for (const qint64 size : characters)
        turns.append({static_cast<int>(characters.size() - turns.size()), size});
    QCOMPARE(turnsThatFit(turns, tokens), count);
}

void TestTurnRules::openCalls_data()
{
    QTest::addColumn<QString>("turn");
    QTest::addColumn<bool>("isOpen");
    // u: the user, a: an answer, c: an answer with calls, t: a result, x: a failed answer with calls, p: a pending one.
    const auto row = [](const char *turn, bool isOpen) {
        QTest::newRow(*turn ? turn : "nothing") << QString::fromLatin1(turn) << isOpen;
    };
    row("", false);
    row("ua", false);
    row("uc", true);
    row("uct", false);
    row("uctp", false);
    row("uctc", true);
    row("uctctc", false);
    row("ux", false);
    row("ucta", false);
}

void TestTurnRules::openCalls()
{
    QFETCH(QString, turn);
    QFETCH(bool, isOpen);
    QList<ChatMessage> messages;
    for (const QChar kind : turn) {
        ChatMessage message;
        message.role = kind == u'u' ? MessageRole::User : kind == u't' ? MessageRole::Tool : MessageRole::Assistant;
        message.status = kind == u'x'   ? MessageStatus::Error
                         : kind == u'p' ? MessageStatus::Pending
                                        : MessageStatus::Complete;
        if (kind == u'c' || kind == u'x')
            message.toolCalls = {{QStringLiteral("c1"), QStringLiteral("f"), QStringLiteral("{}")}};
        messages.append(message);
    }
    QCOMPARE(!chat::openCalls(messages, 3).isEmpty(), isOpen);
}

QTEST_GUILESS_MAIN(TestTurnRules)
#include "tst_turnrules.moc"
