// WizardFixture: a SetupWizard in a world that the test plays: keyring, autostart, saving, and how the publisher is.
//
// Server and backends are the test's, too. Test's thread.

#pragma once

#include "memorykeystore.h"
#include "wizarddriver.h"

#include <QTemporaryDir>
#include <QTest>

class WizardFixture : public hearth::testsupport::WizardDriver
{
public:
    WizardFixture();

    /// Makes the wizard and shows it, beginning at this page.
    void open(hearth::setup::SetupWizard::Page start = hearth::setup::SetupWizard::Welcome);

    /// Fills in the server page and leaves it.
    bool enterServer(const QUrl &server, const QByteArray &key);

    /// How the publisher is once it is online with this model.
    static hearth::status::PublisherSnapshot online(const QString &llm, hearth::channel::ReportedState state);

    /// The configuration as it was saved last.
    const hearth::draft::ConfigDraft &saved() const { return saves.back(); }

    QString configFile() const { return home.filePath(QStringLiteral("hearth/publisher.yaml")); }

    hearth::SystemClock clock;
    hearth::testsupport::MemoryKeyStore keys;
    QTemporaryDir home;
    hearth::platform::Autostart autostart;
    hearth::draft::ConfigDraft draft;
    std::vector<quint16> ports;
    hearth::setup::SetupTimes times{.checkDelay = std::chrono::milliseconds(50),
                                    .keyringRetry = std::chrono::milliseconds(50),
                                    .lookInterval = std::chrono::milliseconds(50)};
    /// What a save answers.
    hearth::Result<void> saveResult;
    std::vector<hearth::draft::ConfigDraft> saves;
    int storedKeys = 0;
    hearth::status::PublisherSnapshot snapshot;
    std::unique_ptr<hearth::setup::SetupWizard> wizard;
};
