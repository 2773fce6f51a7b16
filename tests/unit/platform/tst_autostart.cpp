#include "autostart.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::platform;

class TestAutostart final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isOffAtFirst();
    void enableAndDisable();
    void namesTheConfiguration();
    void foreignHand_data();
    void foreignHand();
    void enablingReplacesADisabledEntry();
    void systemEntryCounts();
    void disabledSystemEntryIsRespected();
    void systemEntryIsSwitchedOffByOneOfTheUser();
    void fileThatCannotBeWritten();

private:
    void writeFile(const QString &path, const QByteArray &content);
    QByteArray ownContent() const;

    std::unique_ptr<QTemporaryDir> m_home;
    QString m_ownFile;
    QString m_systemFile;
    Autostart m_autostart{QStringLiteral("/usr/bin/hearth-tray"), QString()};
};

void TestAutostart::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_home->filePath(QStringLiteral("own"))));
    qputenv("XDG_CONFIG_DIRS", QFile::encodeName(m_home->filePath(QStringLiteral("system"))));
    m_ownFile = m_home->filePath(QStringLiteral("own/autostart/hearth-tray.desktop"));
    m_systemFile = m_home->filePath(QStringLiteral("system/autostart/hearth-tray.desktop"));
}

void TestAutostart::writeFile(const QString &path, const QByteArray &content)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray TestAutostart::ownContent() const
{
    QFile file(m_ownFile);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestAutostart::isOffAtFirst()
{
    QCOMPARE(m_autostart.file(), m_ownFile);
    QVERIFY(!m_autostart.isEnabled());
    // Switching off what is off writes nothing.
    QVERIFY(m_autostart.setEnabled(false));
    QVERIFY(!QFile::exists(m_ownFile));
}

void TestAutostart::enableAndDisable()
{
    QVERIFY(m_autostart.setEnabled(true));
    QVERIFY(m_autostart.isEnabled());
    QCOMPARE(ownContent(), m_autostart.content());
    QVERIFY(m_autostart.setEnabled(true));
    QCOMPARE(ownContent(), m_autostart.content());
    QVERIFY(m_autostart.setEnabled(false));
    QVERIFY(!m_autostart.isEnabled());
    QVERIFY(!QFile::exists(m_ownFile));
}

void TestAutostart::namesTheConfiguration()
{
    QVERIFY(m_autostart.content().startsWith("[Desktop Entry]\nType=Application\n"));
    QVERIFY(m_autostart.content().contains("\nExec=/usr/bin/hearth-tray --hidden\n"));
    const Autostart other(QStringLiteral("/opt/my apps/tray"), QStringLiteral("/home/a/100%.yaml"));
    const QByteArray content = other.content();
    QVERIFY2(content.contains("\nTryExec=/opt/my apps/tray\n"), content.constData());
    QVERIFY2(content.contains("\nExec=\"/opt/my apps/tray\" --hidden --config /home/a/100%%.yaml\n"),
             content.constData());
}

void TestAutostart::foreignHand_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isEnabled");
    QTest::newRow("hidden") << QByteArray("Hidden=true") << false;
    QTest::newRow("not hidden") << QByteArray("Hidden=false") << true;
    QTest::newRow("GNOME off") << QByteArray("X-GNOME-Autostart-enabled=false") << false;
    QTest::newRow("GNOME on") << QByteArray("X-GNOME-Autostart-enabled=true") << true;
}

void TestAutostart::foreignHand()
{
    QFETCH(QByteArray, line);
    writeFile(m_ownFile, m_autostart.content() + line + '\n');
    QTEST(m_autostart.isEnabled(), "isEnabled");
}

void TestAutostart::enablingReplacesADisabledEntry()
{
    writeFile(m_ownFile, m_autostart.content() + "X-GNOME-Autostart-enabled=false\n");
    QVERIFY(m_autostart.setEnabled(true));
    QVERIFY(m_autostart.isEnabled());
    QCOMPARE(ownContent(), m_autostart.content());
}

void TestAutostart::systemEntryCounts()
{
    writeFile(m_systemFile, m_autostart.content());
    QVERIFY(m_autostart.isEnabled());
}

void TestAutostart::disabledSystemEntryIsRespected()
{
    writeFile(m_systemFile, m_autostart.content() + "Hidden=true\n");
    QVERIFY(!m_autostart.isEnabled());
    QVERIFY(m_autostart.setEnabled(true));
    QVERIFY2(m_autostart.isEnabled(), "The user's own entry stands before that of the system.");
    QVERIFY(m_autostart.setEnabled(false));
    QVERIFY(!m_autostart.isEnabled());
    QVERIFY(!QFile::exists(m_ownFile));
}

void TestAutostart::systemEntryIsSwitchedOffByOneOfTheUser()
{
    writeFile(m_systemFile, m_autostart.content());
    QVERIFY(m_autostart.setEnabled(false));
    QVERIFY(!m_autostart.isEnabled());
    QVERIFY(QFile::exists(m_systemFile));
    QVERIFY(m_autostart.setEnabled(true));
    QVERIFY(m_autostart.isEnabled());
}

void TestAutostart::fileThatCannotBeWritten()
{
    writeFile(m_home->filePath(QStringLiteral("own")), "a file where the directory should be");
    const Result<void> enabled = m_autostart.setEnabled(true);
    QVERIFY(!enabled);
    QCOMPARE(toString(enabled.error().code), toString(ErrorCode::Io));
    QVERIFY2(enabled.error().message.contains(m_ownFile), qPrintable(enabled.error().message));
    QVERIFY(!m_autostart.isEnabled());
}

QTEST_GUILESS_MAIN(TestAutostart)

#include "tst_autostart.moc"
