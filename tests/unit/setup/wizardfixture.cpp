#include "wizardfixture.h"

using namespace hearth;
using hearth::setup::SetupWizard;

namespace {

QString prepareHome(const QTemporaryDir &home)
{
    qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
    return QStringLiteral("/usr/bin/hearth-tray");
}

} // namespace

WizardFixture::WizardFixture()
    : autostart(prepareHome(home), QString())
{}

void WizardFixture::open(SetupWizard::Page start)
{
    wizard = std::make_unique<SetupWizard>(setup::SetupParts{.clock = clock,
                                                             .keys = keys,
                                                             .autostart = autostart,
                                                             .configFile = configFile(),
                                                             .environment = {},
                                                             .draft = draft,
                                                             .save =
                                                                 [this](const draft::ConfigDraft &changed) {
                                                                     if (saveResult)
                                                                         saves.push_back(changed);
                                                                     return saveResult;
                                                                 },
                                                             .keyStored = [this] { ++storedKeys; },
                                                             .snapshot = [this] { return snapshot; },
                                                             .ports = ports,
                                                             .times = times});
    drive(*wizard);
    wizard->setStartId(start);
    wizard->show();
    if (!QTest::qWaitForWindowActive(wizard.get()))
        qFatal("the wizard does not get active");
}

bool WizardFixture::enterServer(const QUrl &server, const QByteArray &key)
{
    typeServer(server, key);
    return next();
}

status::PublisherSnapshot WizardFixture::online(const QString &llm, channel::ReportedState state)
{
    status::PublisherSnapshot snapshot;
    snapshot.situation = status::Situation::Here;
    snapshot.state = publisher::ConnectionState::Online;
    snapshot.llms = {{.name = llm,
                      .isPublished = true,
                      .state = state,
                      .outcome = channel::EntryOutcome{llm, channel::EntryStatus::Accepted, {}}}};
    return snapshot;
}
