// What hearth-tray says where there is no desktop for it.

#include "displaycheck.h"

#include <QtTest>

using namespace hearth;

class TestDisplayCheck final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void tellsWhatIsMissing_data()
    {
        QTest::addColumn<QStringList>("variables");
        QTest::addColumn<QString>("word");
        const QString wayland = QStringLiteral("WAYLAND_DISPLAY=wayland-0");
        const QString unreachable = QStringLiteral("DISPLAY=127.0.0.1:5999");
        QTest::newRow("nothing") << QStringList() << QStringLiteral("WAYLAND_DISPLAY");
        QTest::newRow("empty") << QStringList{QStringLiteral("DISPLAY=")} << QStringLiteral("WAYLAND_DISPLAY");
        QTest::newRow("out of reach") << QStringList{unreachable} << QStringLiteral("127.0.0.1:5999");
        QTest::newRow("X11 wanted, and not there")
            << QStringList{QStringLiteral("QT_QPA_PLATFORM=xcb")} << QStringLiteral("DISPLAY");
        QTest::newRow("Wayland") << QStringList{wayland} << QString();
        QTest::newRow("both") << QStringList{wayland, unreachable} << QString();
        QTest::newRow("offscreen") << QStringList{QStringLiteral("QT_QPA_PLATFORM=offscreen")} << QString();
    }

    void tellsWhatIsMissing()
    {
        QFETCH(const QStringList, variables);
        QFETCH(const QString, word);
        QProcessEnvironment environment;
        for (const QString &variable : variables)
            environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
        const QString problem = tray::displayProblem(environment);
        QCOMPARE(problem.isEmpty(), word.isEmpty());
        QVERIFY2(problem.contains(word), qPrintable(problem));
        QVERIFY2(problem.isEmpty() || problem.contains(QStringLiteral("hearth-publisher")), qPrintable(problem));
    }
};

QTEST_APPLESS_MAIN(TestDisplayCheck)
#include "tst_displaycheck.moc"
