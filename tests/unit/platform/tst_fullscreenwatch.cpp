#include "fullscreenwatch.h"
#include "xdisplay.h"

#include <QStandardPaths>
#include <QTest>

#include <unistd.h>

using namespace hearth::platform;

class TestFullScreenWatch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void noActiveWindow();
    void comesAndGoes();
    void onlyTheActiveWindow();
    void notOurOwn();
    void windowVanishes();
    void wayland();
    void noDisplay();
    void serverEnds();

private:
    static constexpr quint32 otherProcess = 1;

    std::unique_ptr<XDisplay> m_display;
    std::unique_ptr<FullScreenWatch> m_watch;
};

void TestFullScreenWatch::initTestCase()
{
    QVERIFY2(!QStandardPaths::findExecutable(QStringLiteral("Xvfb")).isEmpty(), "Xvfb is not installed.");
}

void TestFullScreenWatch::init()
{
    m_watch.reset();
    m_display = std::make_unique<XDisplay>();
    QVERIFY(!m_display->name().isEmpty());
    qputenv("DISPLAY", m_display->name());
    qunsetenv("WAYLAND_DISPLAY");
    m_watch = std::make_unique<FullScreenWatch>();
}

void TestFullScreenWatch::noActiveWindow()
{
    QVERIFY2(!m_watch->isFullScreen(), "There is no answer yet, and nobody waits for it.");
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    m_display->activate(window);
    QTRY_VERIFY(m_watch->isFullScreen());
    m_display->activate(XCB_WINDOW_NONE);
    QTRY_VERIFY(!m_watch->isFullScreen());
}

void TestFullScreenWatch::comesAndGoes()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->activate(window);
    for (int i = 0; i < 3; ++i) {
        m_display->setFullScreen(window, true);
        QTRY_VERIFY(m_watch->isFullScreen());
        m_display->setFullScreen(window, false);
        QTRY_VERIFY(!m_watch->isFullScreen());
    }
}

void TestFullScreenWatch::onlyTheActiveWindow()
{
    const xcb_window_t behind = m_display->addWindow(otherProcess);
    m_display->setFullScreen(behind, true);
    m_display->activate(behind);
    QTRY_VERIFY(m_watch->isFullScreen());
    m_display->activate(m_display->addWindow(otherProcess));
    QTRY_VERIFY(!m_watch->isFullScreen());
}

void TestFullScreenWatch::notOurOwn()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    m_display->activate(window);
    QTRY_VERIFY(m_watch->isFullScreen());
    m_display->setProcess(window, static_cast<quint32>(::getpid()));
    QTRY_VERIFY(!m_watch->isFullScreen());
}

void TestFullScreenWatch::windowVanishes()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    m_display->activate(window);
    QTRY_VERIFY(m_watch->isFullScreen());
    // The window manager still names it for a moment.
    m_display->removeWindow(window);
    QTRY_VERIFY(!m_watch->isFullScreen());
}

void TestFullScreenWatch::wayland()
{
    qputenv("WAYLAND_DISPLAY", "wayland-0");
    FullScreenWatch underWayland;
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    m_display->activate(window);
    const auto askBoth = [&] {
        const bool isSeenUnderWayland = underWayland.isFullScreen();
        return m_watch->isFullScreen() && !isSeenUnderWayland;
    };
    QTRY_VERIFY(askBoth());
    QVERIFY(!underWayland.isFullScreen());
}

void TestFullScreenWatch::noDisplay()
{
    qputenv("DISPLAY", ":59999");
    FullScreenWatch unreachable;
    qunsetenv("DISPLAY");
    FullScreenWatch without;
    QVERIFY(!unreachable.isFullScreen());
    QVERIFY(!without.isFullScreen());
}

void TestFullScreenWatch::serverEnds()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    m_display->activate(window);
    QTRY_VERIFY(m_watch->isFullScreen());
    m_display->kill();
    QTRY_VERIFY(!m_watch->isFullScreen());
}

QTEST_GUILESS_MAIN(TestFullScreenWatch)

#include "tst_fullscreenwatch.moc"
