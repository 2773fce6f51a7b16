// What a note tells those who do not see it. That it also alerts screen readers cannot be seen here: without one, Qt
// passes no such event on.

#include "noteline.h"

#include <QAccessible>
#include <QTest>

using namespace hearth::fields;

class TestNoteLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isCalledWhatItSays();
};

void TestNoteLine::isCalledWhatItSays()
{
    NoteLine note;
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(&note);
    QVERIFY(interface);
    QCOMPARE(interface->text(QAccessible::Name), QString());
    note.show(NoteLine::Kind::Problem, QStringLiteral("It does not go."));
    QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("It does not go."));
    note.clear();
    QCOMPARE(interface->text(QAccessible::Name), QString());
    QVERIFY(note.isHidden());
}

QTEST_MAIN(TestNoteLine)
#include "tst_noteline.moc"
