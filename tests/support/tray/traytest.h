// TrayTest: what the end-to-end tests of the tray app have in common.
//
// A StackTest whose publisher is a TrayApp in the test's own process, on a desktop of its own, with a keyring in memory
// and with notifications and the owner's presence in the test's hands. Server and backend are the real programs.

#pragma once

#include "memorykeystore.h"
#include "scripteddesktop.h"
#include "stacktest.h"
#include "trayapp.h"

#include <QSignalSpy>

namespace hearth::testsupport {

class TrayTest : public StackTest
{
    Q_OBJECT

protected:
    /// Makes a stack with keys, a backend and a server, and no publisher.
    bool startServerSide(const StackSettings &settings = {});

    QString configFile() const { return m_stack->path(QStringLiteral("tray/publisher.yaml")); }

    /// What the file holds before the entries: server, keyFile, stateFile, name.
    QByteArray configurationHead(const QUrl &server) const;
    /// Writes a configuration for the stack's own Llm, published; `more` is added at its end.
    void writeConfiguration(const QByteArray &more = {});
    void writeFile(const QByteArray &text) const;
    QByteArray fileText() const;

    void makeApp();
    /// Makes the app for the stack's own Llm and starts it; true once it is online.
    bool startApp(const QByteArray &more = {});
    /// Stops the app as the end of a session does, and destroys it.
    void endApp();

    bool waitUntilOnline();
    bool waitUntil(board::IndicatorState state, std::chrono::milliseconds limit = Program::patience);
    /// The latest state of this Llm, as the face has it; null where it is not there.
    const status::LlmSnapshot *llm(const QString &name = QString::fromLatin1(Stack::llmName)) const;

    status::PublisherSnapshot snapshot() const { return m_app->host().snapshot(); }

    /// A stream of so many events, 50 in a second, of which the first have come.
    std::unique_ptr<HttpCall> startStream(int events = 100) const;

    /// The widget of this name; fails the test where it is not there.
    template <typename Widget>
    Widget *child(QWidget &parent, const QString &name) const
    {
        auto *const widget = parent.findChild<Widget *>(name);
        if (!widget)
            QTest::qFail(qPrintable(QStringLiteral("There is no widget \"%1\".").arg(name)), __FILE__, __LINE__);
        return widget;
    }

    SystemClock m_clock;
    MemoryKeyStore m_keys;
    NotifierSpy m_notifier;
    PresenceScript m_presence;
    std::vector<quint16> m_backendPorts;
    tray::TrayAppSettings m_appSettings;
    std::unique_ptr<platform::Autostart> m_autostart;
    std::unique_ptr<tray::TrayApp> m_app;

protected Q_SLOTS:
    void initTestCase();
    void cleanup();

private:
    QTemporaryDir m_home;
};

} // namespace hearth::testsupport
