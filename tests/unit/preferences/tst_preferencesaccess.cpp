// The settings dialog for those who do not see it or do not use a mouse.

#include "dialogfixture.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSet>
#include <QTest>

using namespace hearth;
using namespace hearth::preferences;

namespace {

const QByteArray configuration = "llms:\n"
                                 "  - name: a\n"
                                 "    url: http://127.0.0.1:1/v1\n"
                                 "    wake: {type: http, url: 'http://127.0.0.1:2/', headers: {X-One: '1'}}\n"
                                 "agents:\n"
                                 "  - {name: c, llm: a}\n"
                                 "desktop: {pause: {programs: [steam], schedule: ['Mon-Fri 09:00-17:00', some day]}}\n";

/// Whether a person puts something into it, or presses it.
bool isInput(const QWidget *widget)
{
    // The lines inside combo boxes and spin boxes speak for those, and scroll bars are not reached by the keyboard.
    const QWidget *parent = widget->parentWidget();
    if (qobject_cast<const QComboBox *>(parent) || qobject_cast<const QAbstractSpinBox *>(parent))
        return false;
    return qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget) ||
           qobject_cast<const QAbstractSpinBox *>(widget) || qobject_cast<const QPlainTextEdit *>(widget) ||
           qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QAbstractButton *>(widget);
}

/// Clears away what Qt itself puts into its widgets: the corner of a table, the view of a combo box.
bool isOurs(const QWidget *widget)
{
    return !widget->objectName().startsWith(QLatin1String("qt_")) && widget->inherits("QTableCornerButton") == false &&
           !widget->inherits("QComboBoxListView") && !widget->inherits("QHeaderView");
}

QList<QWidget *> inputsOf(const QWidget &dialog)
{
    QList<QWidget *> inputs;
    for (QWidget *widget : dialog.findChildren<QWidget *>()) {
        if (isInput(widget) && isOurs(widget))
            inputs.append(widget);
    }
    return inputs;
}

} // namespace

class TestPreferencesAccess final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesEveryInput();
    void reachesEveryInputByKeyboard_data();
    void reachesEveryInputByKeyboard();
    void choosesPagesByKeyboard();
};

void TestPreferencesAccess::namesEveryInput()
{
    const DialogFixture fixture(configuration);
    const QList<QWidget *> inputs = inputsOf(fixture.dialog);
    QVERIFY(inputs.size() > 100);
    for (QWidget *input : inputs) {
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(input);
        QVERIFY(interface);
        QVERIFY2(!interface->text(QAccessible::Name).isEmpty(),
                 qPrintable(QLatin1String(input->metaObject()->className()) + u" in " +
                            input->parentWidget()->objectName()));
    }
}

void TestPreferencesAccess::reachesEveryInputByKeyboard_data()
{
    QTest::addColumn<int>("page");
    for (int page = 0; page <= int(PreferencesDialog::Page::Desktop); ++page)
        QTest::addRow("page %d", page) << page;
}

void TestPreferencesAccess::reachesEveryInputByKeyboard()
{
    QFETCH(int, page);
    DialogFixture fixture(configuration);
    fixture.dialog.showPage(PreferencesDialog::Page(page));
    QVERIFY(QTest::qWaitForWindowActive(&fixture.dialog));
    auto *first = fixture.dialog.findChild<QListWidget *>(QStringLiteral("pages"));
    first->setFocus();
    QSet<QWidget *> reached;
    do {
        reached.insert(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    } while (QApplication::focusWidget() != first && reached.size() < 200);
    QVERIFY(reached.contains(fixture.button(QDialogButtonBox::Cancel)));
    for (QWidget *input : inputsOf(fixture.dialog)) {
        if (!input->isVisible() || !input->isEnabled() || !(input->focusPolicy() & Qt::TabFocus))
            continue;
        QVERIFY2(reached.contains(input), qPrintable(QLatin1String(input->metaObject()->className()) + u" in " +
                                                     input->parentWidget()->objectName()));
    }
}

void TestPreferencesAccess::choosesPagesByKeyboard()
{
    DialogFixture fixture(configuration);
    QVERIFY(QTest::qWaitForWindowActive(&fixture.dialog));
    auto *pages = fixture.dialog.findChild<QListWidget *>(QStringLiteral("pages"));
    pages->setFocus();
    QTest::keyClick(pages, Qt::Key_Down);
    QVERIFY(fixture.button(QStringLiteral("llms.add"))->isVisible());
    QTest::keyClick(fixture.button(QStringLiteral("llms.add")), Qt::Key_Space);
    QCOMPARE(fixture.dialog.findChild<QListWidget *>(QStringLiteral("llms"))->count(), 2);
}

QTEST_MAIN(TestPreferencesAccess)
#include "tst_preferencesaccess.moc"
