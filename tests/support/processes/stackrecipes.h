// StackRecipes: what the publisher of a stack is told about waking its backend and putting it to sleep.
//
// A recipe is a request to the backend's own wake listener, or a script in the stack's folder that notes each of its
// runs. The stack writes and counts them; tests say what they want in RecipeSettings and may exchange the scripts while
// everything runs. For the thread of the test.

#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QUrl>

namespace hearth::testsupport {

enum class WakeType {
    /// There is no recipe; nothing wakes the backend.
    None,
    /// A request to the wake listener of a backend that is a running program.
    Http,
    /// A script that starts the backend in the background and ends.
    Background,
    /// A script that becomes the backend.
    Foreground,
    /// The test says what the script does.
    Script,
};

struct RecipeSettings
{
    WakeType wake = WakeType::None;
    /// The lines of the script, for WakeType::Script.
    QByteArray script = {};
    /// Further keys of the `wake` map, such as `maxWaitSeconds`.
    QMap<QString, QString> wakeKeys = {};
    /// After how many minutes the backend is put to sleep; empty for never. It is a request for WakeType::Http, and
    /// otherwise a script, whose lines may be given.
    QString idleMinutes = {};
    QByteArray sleepScript = {};
};

class StackRecipes
{
public:
    /// `folder` has to exist.
    StackRecipes(QString folder, RecipeSettings settings)
        : m_folder(std::move(folder))
        , m_settings(std::move(settings))
    {}

    bool isHttp() const { return m_settings.wake == WakeType::Http; }

    bool isScript() const { return m_settings.wake != WakeType::None && !isHttp(); }

    /// Writes the scripts. `backendCommand` is the line of a shell script that becomes the backend.
    void writeScripts(const QByteArray &backendCommand) const;
    /// Replaces the script of the wake recipe by these lines; its runs are noted as before.
    void writeWakeScript(const QByteArray &lines) const;
    void removeWakeScript() const;
    void writeSleepScript(const QByteArray &lines) const;

    /// The line of a script that ends the backend that a script has started.
    QByteArray endBackend() const;
    /// The line of a script that waits for openGate().
    QByteArray gate() const;
    void openGate() const;

    /// The maps `wake` and `sleep` of an entry of `llms`, as lines of YAML. `wakeUrl` is the wake listener.
    QByteArray yaml(const QUrl &wakeUrl) const;

    /// How often the scripts were started.
    int wakeRuns() const { return lines(QStringLiteral("wakes")); }

    int sleepRuns() const { return lines(QStringLiteral("sleeps")); }

    /// Of the backend that was started last by a script; 0 when none was.
    qint64 backendPid() const;

private:
    QString path(const QString &file) const { return m_folder + u'/' + file; }

    void writeScript(const QString &name, const QString &runs, const QByteArray &lines) const;
    int lines(const QString &file) const;

    QString m_folder;
    RecipeSettings m_settings;
};

} // namespace hearth::testsupport
