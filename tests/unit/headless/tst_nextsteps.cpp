#include "nextsteps.h"

#include <QTest>

using namespace hearth::headless;

class TestNextSteps final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysHowToStart_data();
    void saysHowToStart();
    void quotesPaths();
};

namespace {

QStringList commandsIn(const QString &text)
{
    QStringList commands;
    for (const QString &line : text.split(u'\n')) {
        if (line.startsWith(u' '))
            commands.append(line.trimmed());
    }
    return commands;
}

} // namespace

void TestNextSteps::saysHowToStart_data()
{
    QTest::addColumn<bool>("isRoot");
    QTest::addColumn<bool>("isBySudo");
    QTest::addColumn<bool>("hasUnit");
    QTest::addColumn<bool>("isUsual");
    QTest::addColumn<QStringList>("commands");
    const QString plain = QStringLiteral("hearth-publisher");
    const QString named = QStringLiteral("hearth-publisher --config /srv/box.yaml");
    const QString service = QStringLiteral("systemctl enable --now hearth-publisher");
    const QString sudo = QStringLiteral("sudo ");
    QTest::newRow("root") << true << false << true << true << QStringList{service};
    QTest::newRow("sudo") << true << true << true << true << QStringList{sudo + service};
    QTest::newRow("user") << false << false << true << true
                          << QStringList{QStringLiteral("systemctl --user enable --now hearth-publisher"),
                                         QStringLiteral("sudo loginctl enable-linger $USER")};
    QTest::newRow("root without systemd") << true << false << false << true << QStringList{plain};
    QTest::newRow("sudo without systemd") << true << true << false << true << QStringList{sudo + plain};
    QTest::newRow("user without systemd") << false << false << false << true << QStringList{plain};
    QTest::newRow("a file of which no unit knows") << true << false << true << false << QStringList{named};
    QTest::newRow("the same by sudo") << true << true << true << false << QStringList{sudo + named};
    QTest::newRow("the same without systemd") << false << false << false << false << QStringList{named};
}

void TestNextSteps::saysHowToStart()
{
    QFETCH(bool, isRoot);
    QFETCH(bool, isBySudo);
    QFETCH(bool, hasUnit);
    QFETCH(bool, isUsual);
    const QString text = nextSteps({.isRoot = isRoot, .isBySudo = isBySudo, .hasUnit = hasUnit},
                                   QStringLiteral("/srv/box.yaml"), isUsual);
    QTEST(commandsIn(text), "commands");
    for (const QString &line : text.split(u'\n'))
        QVERIFY2(line.startsWith(u' ') || line.endsWith(u':'), qPrintable(line));
}

void TestNextSteps::quotesPaths()
{
    QCOMPARE(commandsIn(nextSteps({}, QStringLiteral("/srv/my box.yaml"), false)),
             QStringList{QStringLiteral("hearth-publisher --config '/srv/my box.yaml'")});
}

QTEST_GUILESS_MAIN(TestNextSteps)
#include "tst_nextsteps.moc"
