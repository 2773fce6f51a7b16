// Whether the desktop has a tray, as the session bus tells it: a StatusNotifierWatcher counts when a panel has come.

#include "privatebus.h"
#include "traywatch.h"

#include <QSignalSpy>
#include <QThread>
#include <QtTest>

#include <atomic>

using namespace hearth;
using namespace hearth::indicator;

/// What KDE's daemon is for all panels, in a thread of its own.
class FakeWatcher final : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost)

public:
    bool hasHost() const { return m_hasHost; }

    void addHost()
    {
        m_hasHost = true;
        Q_EMIT StatusNotifierHostRegistered();
    }

Q_SIGNALS:
    void StatusNotifierHostRegistered();

private:
    std::atomic<bool> m_hasHost = false;
};

class TestTrayDesktop final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase()
    {
        QVERIFY(m_daemon.isRunning());
        m_daemon.becomeSessionBus();
        m_thread.start();
    }

    void cleanupTestCase()
    {
        m_thread.quit();
        QVERIFY(m_thread.wait());
    }

    void followsThePanel()
    {
        FakeClock clock;
        int looks = 0;
        TrayWatch watch(clock, [&looks](QObject &context, const auto &answer) {
            askDesktopForTray(context, [&looks, answer](bool isThere) {
                ++looks;
                answer(isThere);
            });
        });
        watch.start();
        QTRY_COMPARE(looks, 1);
        QSignalSpy changed(&watch, &TrayWatch::changed);
        QVERIFY(!watch.isThere());

        // A watcher alone shows nothing. Qt asks once and would never ask again.
        auto *watcher = new FakeWatcher;
        connect(&m_thread, &QThread::finished, watcher, &QObject::deleteLater);
        QDBusConnection bus = m_daemon.connection(QStringLiteral("watcher"));
        QVERIFY(bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), watcher,
                                   QDBusConnection::ExportAllProperties | QDBusConnection::ExportAllSignals));
        watcher->moveToThread(&m_thread);
        QVERIFY(bus.registerService(QStringLiteral("org.kde.StatusNotifierWatcher")));
        QTRY_COMPARE(looks, 2);
        QCOMPARE(changed.count(), 0);

        // No time passes: what a panel announces is not found by chance.
        QVERIFY(QMetaObject::invokeMethod(watcher, &FakeWatcher::addHost, Qt::BlockingQueuedConnection));
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(watch.isThere());

        QVERIFY(bus.unregisterService(QStringLiteral("org.kde.StatusNotifierWatcher")));
        QTRY_COMPARE(changed.count(), 2);
        QVERIFY(!watch.isThere());
        bus.unregisterObject(QStringLiteral("/StatusNotifierWatcher"));
    }

private:
    platform::PrivateBus m_daemon;
    QThread m_thread;
};

QTEST_MAIN(TestTrayDesktop)
#include "tst_traydesktop.moc"
