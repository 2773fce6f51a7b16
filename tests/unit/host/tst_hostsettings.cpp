// PublisherHost in step with its file: saved, edited by hand, broken, gone.

#include "hostfixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;
using hearth::publisher::Intake;
using Kind = hearth::status::Attention::Kind;

class TestHostSettings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m = std::make_unique<HostFixture>(); }

    void cleanup() { m.reset(); }

    void startsWithoutAFile();
    void startsWithABrokenFile();
    void startsWithoutAKeyFile_data();
    void startsWithoutAKeyFile();
    void expectsNothingOfBackendsAfterAnotherServer();
    void savesAndApplies();
    void doesNotTakeItsOwnSaveForAHandEdit();
    void refusesToSaveWhatIsWrong();
    void appliesAHandEdit();
    void keepsRunningWithABrokenFile();
    void keepsRunningWithoutAFile();
    void givesWhatIsInForceWhenTheFileIsGone();
    void replacesNoHandEdit_data();
    void replacesNoHandEdit();
    void tellsOfEveryHandEdit();
    void noticesAHandEditThatADialogReadsFirst();
    void makesANewPublisherForAnotherServer();
    void waitsForTheOldPublisherAtMostSoLong();
    void takesTheLatestSettingsAfterAStop();
    void tellsTheDesktopsSettings();

private:
    std::unique_ptr<HostFixture> m;
};

void TestHostSettings::startsWithoutAFile()
{
    m->make();
    m->host->start();
    QVERIFY(m->host->situation() == Situation::Unconfigured);
    QVERIFY(m->snapshot().attentions.empty());
    QVERIFY(!m->dialer.isDialing());
    const Result<draft::ConfigDraft> empty = m->host->draft();
    QVERIFY(empty);
    QVERIFY(empty->text().isEmpty());

    Result<draft::ConfigDraft> draft = draft::ConfigDraft::fromText(m->plainConfiguration(), m->path());
    QVERIFY(draft);
    draft->setBase({});
    QVERIFY(m->host->save(*draft));
    QVERIFY(m->host->situation() == Situation::Here);
    QVERIFY(m->takeCall());
    QCOMPARE(m->fileText(), m->plainConfiguration());
}

void TestHostSettings::startsWithABrokenFile()
{
    m->start("keyFile: x\nwatchIntervalSeconds: often\n");
    QVERIFY(m->host->situation() == Situation::Broken);
    QVERIFY2(m->attention(Kind::ConfigBroken).contains(m->path() + QStringLiteral(":2: watchIntervalSeconds: ")),
             qPrintable(m->attention(Kind::ConfigBroken)));
    m->write(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->isPublishing(); }));
    QVERIFY(m->attention(Kind::ConfigBroken).isEmpty());
    QVERIFY(m->takeCall());
}

void TestHostSettings::startsWithoutAKeyFile_data()
{
    QTest::addColumn<bool>("isTold");
    QTest::newRow("stored by the dialog") << true;
    QTest::newRow("comes by itself") << false;
}

void TestHostSettings::startsWithoutAKeyFile()
{
    QFETCH(const bool, isTold);
    QVERIFY(QFile::remove(m->path(QStringLiteral("publisher.key"))));
    m->start(m->plainConfiguration());
    QVERIFY(m->host->situation() == Situation::Broken);
    m->storeKey("hk_later");
    if (isTold)
        m->host->keyStored();
    else
        m->clock.advance(m->settings.configRetry);
    QVERIFY(m->until([this] { return m->isPublishing(); }));
    QVERIFY(m->attention(Kind::ConfigBroken).isEmpty());
    QVERIFY(m->takeCall());
    QCOMPARE(m->dialer.lastKey, QByteArray("hk_later"));
}

void TestHostSettings::expectsNothingOfBackendsAfterAnotherServer()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    QByteArray text = m->plainConfiguration();
    text.replace("127.0.0.1:4327", "127.0.0.1:4328");
    m->write(text);
    QVERIFY(m->until([this] { return m->dialer.isDialing() || !m->attention(Kind::BackendLost).isEmpty(); }));
    QVERIFY(m->attention(Kind::BackendLost).isEmpty());
    QVERIFY(m->takeCall());
    QVERIFY(m->snapshot().attentions.empty());
}

void TestHostSettings::savesAndApplies()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    const QString entry = draft->appendEntry(QStringLiteral("llms"), QStringLiteral("two"));
    draft->setText(entry + QStringLiteral(".model"), QStringLiteral("other-model"));
    draft->setText(entry + QStringLiteral(".url"), QString::fromUtf8(m->backend.url()));
    draft->setBoolean(entry + QStringLiteral(".publish"), true);
    QVERIFY(!m->host->wouldReconnect(*draft));
    QVERIFY(m->host->save(*draft));
    QCOMPARE(m->registered(2), (QStringList{QStringLiteral("one"), QStringLiteral("two")}));
    QCOMPARE(m->snapshot().llms.size(), 2u);
    QCOMPARE(m->dialer.dialed, 1);
    exchange->answer("{}");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
}

void TestHostSettings::doesNotTakeItsOwnSaveForAHandEdit()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    draft->setText(QStringLiteral("llms[0].description"), QStringLiteral("Quick."));
    m->settingsChanges = 0;
    QVERIFY(m->host->save(*draft));
    QCOMPARE(m->settingsChanges, 1);
    // A hand edit after it is the next thing that is noticed.
    m->write(m->plainConfiguration() + "# More.\n");
    QVERIFY(m->until([this] { return m->settingsChanges > 1; }));
    QCOMPARE(m->settingsChanges, 2);
}

void TestHostSettings::refusesToSaveWhatIsWrong()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    draft->setText(QStringLiteral("llms[0].url"), QStringLiteral("nowhere"));
    const Result<void> saved = m->host->save(*draft);
    QVERIFY(!saved);
    QVERIFY(saved.error().code == ErrorCode::Configuration);
    QVERIFY(saved.error().message.contains(QStringLiteral("llms[0].url")));
    QCOMPARE(m->fileText(), m->plainConfiguration());
    QVERIFY(!m->host->wouldReconnect(*draft));
    QVERIFY(m->snapshot().attentions.empty());
}

void TestHostSettings::appliesAHandEdit()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->write(m->configuration(m->llm("one") + m->llm("two")));
    QCOMPARE(m->registered(2), (QStringList{QStringLiteral("one"), QStringLiteral("two")}));
    QCOMPARE(m->dialer.dialed, 1);
}

void TestHostSettings::keepsRunningWithABrokenFile()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->write("server: 7\nllms: [\n");
    QVERIFY(m->until([this] { return !m->attention(Kind::ConfigBroken).isEmpty(); }));
    QVERIFY2(m->attention(Kind::ConfigBroken).contains(m->path() + u':'), qPrintable(m->attention(Kind::ConfigBroken)));
    QVERIFY(m->isPublishing());
    QVERIFY(m->isOnline());
    QCOMPARE(m->snapshot().llms.size(), 1u);
    m->write(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->attention(Kind::ConfigBroken).isEmpty(); }));
    QVERIFY(m->isOnline());
    QCOMPARE(m->dialer.dialed, 1);
}

void TestHostSettings::keepsRunningWithoutAFile()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    QVERIFY(QFile::remove(m->path()));
    QVERIFY(m->until([this] { return !m->attention(Kind::ConfigBroken).isEmpty(); }));
    QVERIFY(m->isPublishing());
    QVERIFY(m->isOnline());
    m->write(m->plainConfiguration());
    QVERIFY(m->until([this] { return m->attention(Kind::ConfigBroken).isEmpty(); }));
}

void TestHostSettings::givesWhatIsInForceWhenTheFileIsGone()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Result<draft::ConfigDraft> before = m->host->draft();
    QVERIFY(before);
    QVERIFY(QFile::remove(m->path()));
    // Nobody takes it for what was opened before: it has to be made anew on purpose.
    QVERIFY(before->setText(QStringLiteral("llms[0].description"), QStringLiteral("Quick.")));
    const Result<void> refused = m->host->save(*before);
    QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);

    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    QCOMPARE(draft->text(), m->plainConfiguration());
    m->host->setPublished(QStringLiteral("one"), false);
    QVERIFY(m->fileText().contains("publish: false"));
    QCOMPARE(m->snapshot().llms.size(), 1u);
}

void TestHostSettings::replacesNoHandEdit_data()
{
    QTest::addColumn<QByteArray>("edit");
    QTest::newRow("in order") << QByteArray("# Two hours of work.\n");
    QTest::newRow("no YAML") << QByteArray("# Two hours of work.\nagents: [\n");
    QTest::newRow("not in order") << QByteArray("# Two hours of work.\nserver: 7\n");
}

void TestHostSettings::replacesNoHandEdit()
{
    QFETCH(QByteArray, edit);
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Result<draft::ConfigDraft> opened = m->host->draft();
    QVERIFY(opened);
    QSignalSpy edited(m->host.get(), &host::PublisherHost::fileEdited);
    m->write(m->plainConfiguration() + edit);
    QVERIFY(m->until([&edited] { return !edited.isEmpty(); }));
    QVERIFY(opened->setText(QStringLiteral("llms[0].description"), QStringLiteral("Quick.")));
    const Result<void> saved = m->host->save(*opened);
    QVERIFY(!saved);
    QVERIFY(saved.error().code == ErrorCode::Conflict);
    QCOMPARE(m->fileText(), m->plainConfiguration() + edit);
    // On purpose it can be replaced.
    opened->setBase(m->fileText());
    QVERIFY(m->host->save(*opened));
    QCOMPARE(m->fileText(), opened->text());
}

void TestHostSettings::tellsOfEveryHandEdit()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    QSignalSpy edited(m->host.get(), &host::PublisherHost::fileEdited);
    const auto hearsOf = [this, &edited](const QByteArray &text) {
        edited.clear();
        m->write(text);
        return m->until([&edited] { return edited.size() == 1; });
    };
    // The same thing is wrong with both.
    QVERIFY(hearsOf("llms: [\n"));
    QVERIFY(hearsOf("llms: [\n# \n"));
    QVERIFY(hearsOf(m->plainConfiguration()));
    edited.clear();
    QVERIFY(QFile::remove(m->path()));
    QVERIFY(m->until([&edited] { return edited.size() == 1; }));
    edited.clear();
    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft && m->host->save(*draft));
    QVERIFY(edited.isEmpty());
}

void TestHostSettings::noticesAHandEditThatADialogReadsFirst()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    m->write(m->configuration(m->llm("one") + m->llm("two")));
    QVERIFY(m->host->draft());
    QCOMPARE(m->snapshot().llms.size(), 2u);
}

void TestHostSettings::makesANewPublisherForAnotherServer()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Exchange *exchange = m->infer(TaskId{7});
    QVERIFY(exchange);
    exchange->answer(R"({"usage":{"prompt_tokens":3,"completion_tokens":12}})");
    QVERIFY(m->server->waitFor<channel::ResponseEnd>());
    QVERIFY(m->until([this] { return m->snapshot().lastHour.back().requests == 1; }));
    m->host->pause();

    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    draft->setText(QStringLiteral("server"), QStringLiteral("http://other.example.org:4327"));
    QVERIFY(m->host->wouldReconnect(*draft));
    QVERIFY(m->host->save(*draft));
    QVERIFY(m->until([this] { return m->dialer.isDialing(); }));
    QCOMPARE(m->dialer.lastUrl.host(), QStringLiteral("other.example.org"));
    QVERIFY(m->server->closeReason);
    QVERIFY(m->takeCall());
    QCOMPARE(m->server->all<channel::Register>().front().providerSessionId.toString(), QStringLiteral("session-1"));
    QVERIFY(m->snapshot().intake == Intake::Paused);
    QCOMPARE(m->snapshot().lastHour.back(), (MinuteSnapshot{1, 12}));
    QVERIFY(!m->host->wouldReconnect(*draft));
}

void TestHostSettings::waitsForTheOldPublisherAtMostSoLong()
{
    m->backend.stop();
    QVERIFY(m->goOnline(m->wakeableConfiguration()));
    m->host->wake(QStringLiteral("one"));
    QVERIFY(m->until([this] { return m->recipes.runs.size() == 1; }));
    QByteArray text = m->plainConfiguration();
    text.replace("127.0.0.1:4327", "127.0.0.1:4328");
    m->write(text);
    // Its recipe is to end, and does not.
    QVERIFY(m->until([this] { return m->recipes.runs.front().isBeingEnded(); }));
    QVERIFY(!m->dialer.isDialing());
    m->clock.advance(5s);
    QVERIFY(m->dialer.isDialing());
}

void TestHostSettings::takesTheLatestSettingsAfterAStop()
{
    QVERIFY(m->goOnline(m->plainConfiguration()));
    Result<draft::ConfigDraft> draft = m->host->draft();
    QVERIFY(draft);
    draft->setText(QStringLiteral("server"), QStringLiteral("http://second.example.org:4327"));
    QVERIFY(m->host->save(*draft));
    draft->setBase(draft->text());
    draft->setText(QStringLiteral("server"), QStringLiteral("http://third.example.org:4327"));
    QVERIFY(m->host->save(*draft));
    QVERIFY(m->until([this] { return m->dialer.isDialing(); }));
    QCOMPARE(m->dialer.lastUrl.host(), QStringLiteral("third.example.org"));
    QCOMPARE(m->dialer.dialed, 2);
}

void TestHostSettings::tellsTheDesktopsSettings()
{
    m->make();
    QVERIFY(m->host->desktop() == publisher::DesktopSettings());
    m->start(m->plainConfiguration() + "desktop:\n  closeToTray: false\n");
    QVERIFY(!m->host->desktop().closeToTray);
}

QTEST_GUILESS_MAIN(TestHostSettings)
#include "tst_hostsettings.moc"
