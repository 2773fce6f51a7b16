// PublisherHost in step with its file: saved, edited by hand, broken, gone.

#include "hostfixture.h"

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
    void savesAndApplies();
    void doesNotTakeItsOwnSaveForAHandEdit();
    void refusesToSaveWhatIsWrong();
    void appliesAHandEdit();
    void keepsRunningWithABrokenFile();
    void keepsRunningWithoutAFile();
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

    const Result<draft::ConfigDraft> draft = draft::ConfigDraft::fromText(m->plainConfiguration(), m->path());
    QVERIFY(draft);
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
