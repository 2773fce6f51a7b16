// SetupWizard: from an empty configuration to a published model, step by step.
//
// TrayApp shows it when there is no configuration, and when the owner asks for it again. It changes a ConfigDraft and
// hands it over; nothing is shared, stored or written until a model was ticked and the summary was saved. Main thread.

#pragma once

#include "autostart.h"
#include "configdraft.h"
#include "keystore.h"
#include "publishersnapshot.h"

#include <QProcessEnvironment>
#include <QWizard>

#include <functional>

namespace hearth::setup {

struct SetupTimes
{
    /// How long nothing must have been typed before the server is asked.
    Duration checkDelay = std::chrono::milliseconds(400);
    /// Until a keyring that was locked is asked again: whoever was asked to unlock it wants a moment.
    Duration keyringRetry = std::chrono::seconds(30);
    /// Between two looks at whether the model is published.
    Duration lookInterval = std::chrono::milliseconds(500);
};

/// What the wizard uses; everything outlives it.
struct SetupParts
{
    Clock &clock;
    platform::KeyStore &keys;
    platform::Autostart &autostart;
    /// Where the configuration is or will be.
    QString configFile;
    QProcessEnvironment environment;
    /// The configuration as it is.
    draft::ConfigDraft draft;
    /// Saves and applies; the error is shown and the wizard stays.
    std::function<Result<void>(const draft::ConfigDraft &)> save;
    /// A new key has been stored.
    std::function<void()> keyStored;
    /// How the publisher is now: whether the models that were ticked are published.
    std::function<status::PublisherSnapshot()> snapshot;
    /// The ports on which backends are looked for; tests have their own.
    std::vector<quint16> ports;
    SetupTimes times = {};
};

class SetupWizard final : public QWizard
{
    Q_OBJECT

public:
    /// In their order.
    enum Page { Welcome, Server, Models, Wake, Autostart, Summary, LiveTest };

    explicit SetupWizard(SetupParts parts, QWidget *parent = nullptr);
    ~SetupWizard() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::setup
