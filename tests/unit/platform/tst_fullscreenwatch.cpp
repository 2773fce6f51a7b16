#include "fullscreenwatch.h"
#include "xdisplay.h"

#include <QSignalSpy>
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
    void firstAnswerComesLater();
    void tellsWhatAQuestionHasFound();
    void noWindows();
    void comesAndGoes();
    void anyWindow_data();
    void anyWindow();
    void notMinimized();
    void notOurOwn();
    void windowVanishes();
    void wayland();
    void noDisplay();
    void serverEnds();

private:
    static constexpr quint32 otherProcess = 1;

    // Both ask anew.
    bool isSeen();
    bool isNotSeen();

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

bool TestFullScreenWatch::isSeen()
{
    return m_watch->isFullScreen() == true;
}

bool TestFullScreenWatch::isNotSeen()
{
    return m_watch->isFullScreen() == false;
}

void TestFullScreenWatch::firstAnswerComesLater()
{
    QSignalSpy changes(m_watch.get(), &FullScreenWatch::changed);
    QVERIFY2(!m_watch->isFullScreen(), "There is no answer yet, and nobody waits for it.");
    QVERIFY(changes.wait());
    QVERIFY(isNotSeen());
}

void TestFullScreenWatch::tellsWhatAQuestionHasFound()
{
    QTRY_VERIFY(isNotSeen());
    m_display->setFullScreen(m_display->addWindow(otherProcess), true);
    // A question under way may have been answered before.
    QSignalSpy changes(m_watch.get(), &FullScreenWatch::changed);
    for (int question = 0; question < 2 && changes.isEmpty(); ++question) {
        QVERIFY(isNotSeen());
        changes.wait(200);
    }
    QCOMPARE(changes.size(), 1);
    QVERIFY(isSeen());
}

void TestFullScreenWatch::noWindows()
{
    m_display->setFullScreen(m_display->addWindow(otherProcess), true);
    QTRY_VERIFY(isSeen());
    m_display->listWindows({});
    QTRY_VERIFY(isNotSeen());
}

void TestFullScreenWatch::comesAndGoes()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    for (int i = 0; i < 3; ++i) {
        m_display->setFullScreen(window, true);
        QTRY_VERIFY(isSeen());
        m_display->setFullScreen(window, false);
        QTRY_VERIFY(isNotSeen());
    }
}

void TestFullScreenWatch::anyWindow_data()
{
    QTest::addColumn<int>("place");
    QTest::newRow("first") << 0;
    QTest::newRow("middle") << 2;
    QTest::newRow("last") << 4;
}

void TestFullScreenWatch::anyWindow()
{
    QFETCH(int, place);
    QList<xcb_window_t> windows;
    for (int i = 0; i < 5; ++i)
        windows += m_display->addWindow(otherProcess);
    m_display->setFullScreen(windows[place], true);
    QTRY_VERIFY(isSeen());
    m_display->setFullScreen(windows[place], false);
    QTRY_VERIFY(isNotSeen());
}

void TestFullScreenWatch::notMinimized()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    QTRY_VERIFY(isSeen());
    m_display->setFullScreen(window, true, true);
    QTRY_VERIFY(isNotSeen());
}

void TestFullScreenWatch::notOurOwn()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    QTRY_VERIFY(isSeen());
    m_display->setProcess(window, static_cast<quint32>(::getpid()));
    QTRY_VERIFY(isNotSeen());
}

void TestFullScreenWatch::windowVanishes()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    QTRY_VERIFY(isSeen());
    // The window manager still names it for a moment.
    m_display->removeWindow(window);
    QTRY_VERIFY(isNotSeen());
}

void TestFullScreenWatch::wayland()
{
    qputenv("WAYLAND_DISPLAY", "wayland-0");
    FullScreenWatch underWayland;
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    const auto askBoth = [&] {
        const bool isSeenUnderWayland = underWayland.isFullScreen().value_or(true);
        return isSeen() && !isSeenUnderWayland;
    };
    QTRY_VERIFY(askBoth());
    QVERIFY(underWayland.isFullScreen() == false);
}

void TestFullScreenWatch::noDisplay()
{
    qputenv("DISPLAY", ":59999");
    FullScreenWatch unreachable;
    qunsetenv("DISPLAY");
    FullScreenWatch without;
    QVERIFY(unreachable.isFullScreen() == false);
    QVERIFY(without.isFullScreen() == false);
}

void TestFullScreenWatch::serverEnds()
{
    const xcb_window_t window = m_display->addWindow(otherProcess);
    m_display->setFullScreen(window, true);
    QTRY_VERIFY(isSeen());
    m_display->kill();
    QTRY_VERIFY(isNotSeen());
}

QTEST_GUILESS_MAIN(TestFullScreenWatch)

#include "tst_fullscreenwatch.moc"
