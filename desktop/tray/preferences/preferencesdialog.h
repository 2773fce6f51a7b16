// PreferencesDialog: everything that can be set, on pages, each field judged as it is typed.
//
// TrayApp shows it. It works on a ConfigDraft of its own; checkConfig() is the only judge, and what it says about a key
// stands beside the field of that key. Nothing is saved while there is a problem. Main thread.

#pragma once

#include "autostart.h"
#include "backendfinder.h"
#include "configdraft.h"
#include "keystore.h"
#include "publishersnapshot.h"
#include "runningprograms.h"

#include <QDialog>
#include <QProcessEnvironment>

#include <functional>

namespace hearth::preferences {

/// What the dialog uses; everything outlives it.
struct PreferencesParts
{
    Clock &clock;
    platform::KeyStore &keys;
    platform::Autostart &autostart;
    QString configFile;
    QProcessEnvironment environment;
    draft::ConfigDraft draft;
    /// Saves and applies; the error is shown and the dialog stays, with everything that was typed.
    std::function<Result<void>(const draft::ConfigDraft &)> save;
    /// Whether saving this would end running requests; how many run now, 0 when it would not.
    std::function<int(const draft::ConfigDraft &)> requestsAtRisk;
    /// A new key has been stored.
    std::function<void()> keyStored;
    /// Who publishes, and so when what is saved is used.
    std::function<status::PublisherSnapshot()> snapshot = [] { return status::PublisherSnapshot(); };
    /// Where backends are looked for; tests have their own.
    std::vector<quint16> ports = discovery::BackendFinder::usualPorts();
    /// What can be chosen as a reason to pause; tests have their own.
    std::function<QStringList()> runningPrograms = platform::runningPrograms;
};

class PreferencesDialog final : public QDialog
{
    Q_OBJECT

public:
    enum class Page { General, Models, Agents, Limits, Pause, Notifications, Desktop };

    explicit PreferencesDialog(PreferencesParts parts, QWidget *parent = nullptr);
    ~PreferencesDialog() override;

    void showPage(Page page);
    /// The models' page with this one selected.
    void showLlm(const QString &name);

    /// The file has been changed by somebody else. Without changes of its own the dialog takes them over; otherwise it
    /// says so and lets the owner choose.
    void fileChanged(const draft::ConfigDraft &draft);
    /// The same, but it cannot be read, for this reason: nothing is saved before fileChanged().
    void fileBroken(const QString &reason);

    /// Asks first where something has not been saved.
    void reject() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::preferences
