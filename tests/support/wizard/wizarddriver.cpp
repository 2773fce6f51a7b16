#include "wizarddriver.h"

#include "noteline.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QTest>
#include <QTreeWidgetItemIterator>

namespace hearth::testsupport {

namespace {

constexpr int patienceMilliseconds = 20'000;

enum Column { Model, Name };

QTreeWidgetItem *findModel(QTreeWidget &tree, const QString &model)
{
    for (QTreeWidgetItemIterator it(&tree); *it; ++it) {
        if ((*it)->parent() && (*it)->text(Model) == model)
            return *it;
    }
    return nullptr;
}

} // namespace

QString WizardDriver::note(const char *name) const
{
    const auto &line = input<fields::NoteLine>(name);
    return line.isVisible() ? line.text() : QString();
}

bool WizardDriver::next() const
{
    QAbstractButton *const button = m_wizard->button(QWizard::NextButton);
    const int before = m_wizard->currentId();
    if (!QTest::qWaitFor([button] { return button->isEnabled(); }, patienceMilliseconds))
        return false;
    button->click();
    return QTest::qWaitFor([this, before] { return m_wizard->currentId() > before; }, patienceMilliseconds);
}

void WizardDriver::type(const char *name, const QString &text) const
{
    auto &line = input<QLineEdit>(name);
    line.setFocus();
    line.selectAll();
    QTest::keyClick(&line, Qt::Key_Delete);
    QTest::keyClicks(&line, text);
}

void WizardDriver::typeServer(const QUrl &server, const QByteArray &key) const
{
    type("server", server.toString());
    type("key", QString::fromLatin1(key));
}

bool WizardDriver::waitForModel(const QString &model) const
{
    auto &tree = input<QTreeWidget>("models");
    return QTest::qWaitFor([&] { return findModel(tree, model) != nullptr; }, patienceMilliseconds);
}

bool WizardDriver::isTicked(const QString &model) const
{
    return modelItem(model).checkState(Model) == Qt::Checked;
}

void WizardDriver::tick(const QString &model, bool isTicked) const
{
    auto &tree = input<QTreeWidget>("models");
    tree.setCurrentItem(&modelItem(model), Model);
    if (this->isTicked(model) != isTicked)
        QTest::keyClick(&tree, Qt::Key_Space);
}

void WizardDriver::rename(const QString &model, const QString &name) const
{
    auto &tree = input<QTreeWidget>("models");
    tree.setCurrentItem(&modelItem(model), Name);
    QTest::keyClick(&tree, Qt::Key_F2);
    auto *const editor = tree.findChild<QLineEdit *>();
    if (!editor)
        qFatal("the name of \"%s\" cannot be edited", qPrintable(model));
    QTest::keyClicks(editor, name);
    QTest::keyClick(editor, Qt::Key_Return);
    // It takes the name from the event loop, and would lose it to whoever takes the focus before.
    if (!QTest::qWaitFor([&] { return modelItem(model).text(Name) == name; }, patienceMilliseconds))
        qFatal("\"%s\" does not take the name", qPrintable(model));
}

QTreeWidgetItem &WizardDriver::modelItem(const QString &model) const
{
    QTreeWidgetItem *const item = findModel(input<QTreeWidget>("models"), model);
    if (!item)
        qFatal("there is no model \"%s\"", qPrintable(model));
    return *item;
}

} // namespace hearth::testsupport
