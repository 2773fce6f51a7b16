// The settings dialog of the running tray app, through its fields and buttons alone, while requests run.

#include "field.h"
#include "traytest.h"

#include <QAbstractButton>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

using namespace hearth;
using namespace hearth::testsupport;

class TestTrayPreferences final : public TrayTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void changeUnderARunningStream();
    void wrongValueCannotBeSaved();
    void otherServerIsAskedAbout();

private:
    fields::Field *field(const QString &path);
    void type(const QString &path, const QString &text);
    QPushButton *button(QDialogButtonBox::StandardButton which);
    /// Presses this button of the question before requests are ended.
    void answer(QMessageBox::ButtonRole role);
    /// The same server under its other name.
    QString otherName() const;
};

void TestTrayPreferences::init()
{
    QVERIFY(startServerSide());
    QVERIFY(startApp());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    m_app->showPreferences();
    QVERIFY(m_app->preferences());
    m_app->preferences()->showLlm(QString::fromLatin1(Stack::llmName));
}

fields::Field *TestTrayPreferences::field(const QString &path)
{
    return child<fields::Field>(*m_app->preferences(), path);
}

void TestTrayPreferences::type(const QString &path, const QString &text)
{
    auto *const line = qobject_cast<QLineEdit *>(field(path)->input());
    line->selectAll();
    QTest::keyClick(line, Qt::Key_Delete);
    QTest::keyClicks(line, text);
}

QPushButton *TestTrayPreferences::button(QDialogButtonBox::StandardButton which)
{
    return m_app->preferences()->findChild<QDialogButtonBox *>()->button(which);
}

void TestTrayPreferences::answer(QMessageBox::ButtonRole role)
{
    QTRY_VERIFY(m_app->preferences()->findChild<QMessageBox *>(QStringLiteral("reconnectQuestion")));
    auto *const question = child<QMessageBox>(*m_app->preferences(), QStringLiteral("reconnectQuestion"));
    const QList<QAbstractButton *> buttons = question->buttons();
    const auto wanted = std::ranges::find(buttons, role, [&](auto *found) { return question->buttonRole(found); });
    QVERIFY(wanted != buttons.end());
    QTest::mouseClick(*wanted, Qt::LeftButton);
    QTRY_VERIFY(!m_app->preferences() ||
                !m_app->preferences()->findChild<QMessageBox *>(QStringLiteral("reconnectQuestion")));
}

QString TestTrayPreferences::otherName() const
{
    QUrl server = m_stack->serverUrl();
    server.setHost(QStringLiteral("localhost"));
    return server.toString();
}

void TestTrayPreferences::changeUnderARunningStream()
{
    const auto stream = startStream();
    const quint64 epoch = snapshot().connection->epoch;
    type(QStringLiteral("llms[0].description"), QStringLiteral("Under my desk"));
    QTest::mouseClick(button(QDialogButtonBox::Save), Qt::LeftButton);
    QTRY_VERIFY(!m_app->preferences());

    QTRY_COMPARE(m_stack->llm()[QLatin1String("description")].toString(), QStringLiteral("Under my desk"));
    QVERIFY(!stream->hasEnded());
    QVERIFY(stream->waitForEnd());
    QVERIFY(stream->saysDone());
    QCOMPARE(snapshot().connection->epoch, epoch);
    QVERIFY(fileText().startsWith("# A remark of the owner.\n"));
    QVERIFY(fileText().contains("description: Under my desk\n"));
}

void TestTrayPreferences::wrongValueCannotBeSaved()
{
    const QByteArray before = fileText();
    const QString path = QStringLiteral("llms[0].maxConcurrency");
    type(path, QStringLiteral("many"));
    QTRY_VERIFY(!field(path)->problem().isEmpty());
    QVERIFY(!button(QDialogButtonBox::Save)->isEnabled());
    QVERIFY(!button(QDialogButtonBox::Apply)->isEnabled());
    QCOMPARE(fileText(), before);

    type(path, QStringLiteral("6"));
    QTRY_VERIFY(button(QDialogButtonBox::Apply)->isEnabled());
    QVERIFY(field(path)->problem().isEmpty());
    QTest::mouseClick(button(QDialogButtonBox::Apply), Qt::LeftButton);
    QTRY_COMPARE(m_stack->llm()[QLatin1String("maxConcurrency")].toInt(), 6);
    QVERIFY(m_app->preferences());
}

void TestTrayPreferences::otherServerIsAskedAbout()
{
    const QByteArray before = fileText();
    const auto stream = startStream(10'000);
    const quint64 epoch = snapshot().connection->epoch;
    m_app->preferences()->showPage(preferences::PreferencesDialog::Page::General);
    type(QStringLiteral("server"), otherName());
    QTest::mouseClick(button(QDialogButtonBox::Save), Qt::LeftButton);
    answer(QMessageBox::RejectRole);
    QCOMPARE(fileText(), before);
    QVERIFY(!stream->hasEnded());

    QTest::mouseClick(button(QDialogButtonBox::Save), Qt::LeftButton);
    answer(QMessageBox::AcceptRole);
    QTRY_VERIFY(!m_app->preferences());
    QVERIFY(stream->waitForEnd());
    QVERIFY(!stream->saysDone());
    QTRY_VERIFY_WITH_TIMEOUT(snapshot().connection && snapshot().connection->epoch > epoch, Program::patience.count());
    QCOMPARE(snapshot().server.toString(), otherName());
}

QTEST_MAIN(TestTrayPreferences)
#include "tst_traypreferences.moc"
