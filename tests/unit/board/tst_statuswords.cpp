#include "boxsnapshots.h"
#include "englishplurals.h"
#include "statuswords.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace hearth;
using namespace hearth::board;
using namespace std::chrono_literals;
using channel::ReportedState;
using status::Attention;
using status::PublisherSnapshot;
using status::Situation;

namespace {

PublisherSnapshot with(PublisherSnapshot snapshot, const std::function<void(PublisherSnapshot &)> &change)
{
    change(snapshot);
    return snapshot;
}

status::LlmSnapshot in(ReportedState state)
{
    status::LlmSnapshot llm = activeLlm(QStringLiteral("qwen"));
    llm.state = state;
    return llm;
}

status::LlmSnapshot refused(channel::EntryStatus status, const QString &message)
{
    status::LlmSnapshot llm = activeLlm(QStringLiteral("qwen"));
    llm.outcome = channel::EntryOutcome{llm.name, status, message};
    return llm;
}

} // namespace

class TestStatusWords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tellsHowAPublisherIs_data();
    void tellsHowAPublisherIs();
    void tellsWhatNeedsAPerson_data();
    void tellsWhatNeedsAPerson();
    void everyStateHasItsOwnName();
    void tellsHowAnLlmIs_data();
    void tellsHowAnLlmIs();
    void ages_data();
    void ages();
    void spans_data();
    void spans();
    void rates_data();
    void rates();
    void wakes_data();
    void wakes();

private:
    EnglishPlurals m_plurals;
};

void TestStatusWords::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::installTranslator(&m_plurals);
}

void TestStatusWords::tellsHowAPublisherIs_data()
{
    QTest::addColumn<PublisherSnapshot>("snapshot");
    QTest::addColumn<IndicatorState>("state");
    QTest::addColumn<QString>("summary");
    const auto row = [](const char *name, const PublisherSnapshot &snapshot, IndicatorState state, const char *text) {
        QTest::newRow(name) << snapshot << state << QString::fromUtf8(text);
    };
    using State = IndicatorState;
    const Attention refusal{Attention::Kind::KeyRefused, {}, QStringLiteral("It was revoked.")};
    const Attention lost{Attention::Kind::BackendLost, QStringLiteral("qwen"), QStringLiteral("It is gone.")};

    row("idle", idleSnapshot(), State::Idle, "Online: 2 models, no requests running, heartbeat 4 s ago");
    row("one model", with(idleSnapshot(), [](auto &s) { s.llms.resize(1); }), State::Idle,
        "Online: 1 model, no requests running, heartbeat 4 s ago");
    row("online, but for no answer yet", with(idleSnapshot(), [](auto &s) { s.connection.reset(); }), State::Idle,
        "Online: 2 models, no requests running");
    row("busy", busySnapshot(), State::Busy, "Online: 2 models, 2 requests running, heartbeat 4 s ago");
    row("busy with one",
        with(busySnapshot(),
             [](auto &s) {
                 s.llms.front().running = 1;
                 s.requests.resize(1);
             }),
        State::Busy, "Online: 2 models, 1 request running, heartbeat 4 s ago");
    row("waking", wakingSnapshot(), State::Waking, "Waking llama-70b: 12 s of 2 min");
    row("waking while busy", with(wakingSnapshot(), [](auto &s) { s.llms.front().running = 1; }), State::Waking,
        "Waking llama-70b: 12 s of 2 min");
    row("paused", with(idleSnapshot(), [](auto &s) { s.intake = publisher::Intake::Paused; }), State::Resting,
        "Paused: no requests running, nothing new is taken");
    row("draining", with(busySnapshot(), [](auto &s) { s.intake = publisher::Intake::Draining; }), State::Resting,
        "Draining: 2 requests running, nothing new is taken");
    row("drained", with(idleSnapshot(), [](auto &s) { s.intake = publisher::Intake::Draining; }), State::Resting,
        "Paused: no requests running, nothing new is taken");
    row("paused by a rule",
        with(idleSnapshot(),
             [](auto &s) {
                 s.intake = publisher::Intake::Draining;
                 s.pauseReason = QStringLiteral("on battery");
             }),
        State::Resting, "Paused (on battery): no requests running");
    row("draining by a rule",
        with(busySnapshot(),
             [](auto &s) {
                 s.intake = publisher::Intake::Draining;
                 s.pauseReason = QStringLiteral("on battery");
             }),
        State::Resting, "Draining (on battery): 2 requests running");
    row("busy with what is no longer published", with(busySnapshot(), [](auto &s) { s.llms.erase(s.llms.begin()); }),
        State::Busy, "Online: 1 model, 2 requests running, heartbeat 4 s ago");
    row("offline with a next attempt", offlineSnapshot(), State::Offline,
        "Offline: The server cannot be reached: Connection refused. Next attempt in 7 s.");
    row("offline, waiting", with(offlineSnapshot(), [](auto &s) { s.problem.clear(); }), State::Offline,
        "Offline: next attempt in 7 s");
    row("offline with a problem", with(offlineSnapshot(), [](auto &s) { s.retryIn.reset(); }), State::Offline,
        "Offline: The server cannot be reached: Connection refused.");
    row("offline",
        with(offlineSnapshot(),
             [](auto &s) {
                 s.retryIn.reset();
                 s.problem.clear();
             }),
        State::Offline, "Offline");
    row("a wake without a channel",
        with(wakingSnapshot(), [](auto &s) { s.state = publisher::ConnectionState::Offline; }), State::Offline,
        "Offline");
    row("connecting", with(idleSnapshot(), [](auto &s) { s.state = publisher::ConnectionState::Connecting; }),
        State::Connecting, "Connecting to hearth.example.org");
    row("one attention", with(idleSnapshot(), [&](auto &s) { s.attentions = {refusal}; }), State::Attention,
        "Needs attention: The server refuses the API key: It was revoked.");
    row("two attentions",
        with(offlineSnapshot(),
             [&](auto &s) {
                 s.attentions = {refusal, lost};
             }),
        State::Attention, "Needs attention: The server refuses the API key: It was revoked. And 1 more.");
    row("unconfigured", unconfiguredSnapshot(), State::Offline, "Not set up yet");
    row("broken", with(brokenSnapshot(), [](auto &s) { s.attentions.clear(); }), State::Attention,
        "The configuration cannot be used");
    row("elsewhere", elsewhereSnapshot(), State::Busy, "Online: 2 models, 2 requests running, heartbeat 4 s ago");
    row("nowhere", nowhereSnapshot(), State::Offline, "Not publishing: hearth-publisher has ended");
}

void TestStatusWords::tellsHowAPublisherIs()
{
    QFETCH(PublisherSnapshot, snapshot);
    QFETCH(IndicatorState, state);
    QFETCH(QString, summary);
    QCOMPARE(indicatorStateOf(snapshot), state);
    QCOMPARE(StatusWords::summary(snapshot), summary);
}

void TestStatusWords::tellsWhatNeedsAPerson_data()
{
    QTest::addColumn<Attention::Kind>("kind");
    QTest::addColumn<QString>("text");
    using Kind = Attention::Kind;
    QTest::newRow("key refused") << Kind::KeyRefused << QStringLiteral("The server refuses the API key: Why.");
    QTest::newRow("keyring locked") << Kind::KeyringLocked << QStringLiteral("Why.");
    QTest::newRow("key missing") << Kind::KeyMissing << QStringLiteral("There is no API key: Why.");
    QTest::newRow("broken") << Kind::ConfigBroken << QStringLiteral("The configuration cannot be used: Why.");
    QTest::newRow("not saved") << Kind::NotSaved << QStringLiteral("The change could not be saved: Why.");
    QTest::newRow("name taken") << Kind::NameTaken << QStringLiteral("The name qwen is taken: Why.");
    QTest::newRow("refused") << Kind::EntryRefused << QStringLiteral("The server does not take qwen: Why.");
    QTest::newRow("wake failed") << Kind::WakeFailed << QStringLiteral("qwen could not be woken: Why.");
    // All that there is to say of them this house says itself.
    QTest::newRow("replaced") << Kind::Replaced
                              << QStringLiteral("Another publisher has taken over this provider session. If you run "
                                                "two of them, give each a stateFile of its own.");
    QTest::newRow("backend lost") << Kind::BackendLost
                                  << QStringLiteral("The backend of qwen was there and does not answer any more. Start "
                                                    "it again, or give it a wake recipe.");
}

void TestStatusWords::tellsWhatNeedsAPerson()
{
    QFETCH(Attention::Kind, kind);
    QFETCH(QString, text);
    QCOMPARE(StatusWords::attentionText({kind, QStringLiteral("qwen"), QStringLiteral("Why.")}), text);
}

void TestStatusWords::everyStateHasItsOwnName()
{
    QSet<QString> names;
    for (const IndicatorState state : allIndicatorStates)
        names.insert(StatusWords::stateName(state));
    QCOMPARE(names.size(), qsizetype(std::size(allIndicatorStates)));
    QVERIFY(!names.contains(QString()));
}

void TestStatusWords::tellsHowAnLlmIs_data()
{
    using publisher::ConnectionState;
    QTest::addColumn<status::LlmSnapshot>("llm");
    QTest::addColumn<ConnectionState>("connection");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const status::LlmSnapshot &llm, const char *state, const char *detail,
                        ConnectionState connection = ConnectionState::Online) {
        QTest::newRow(name) << llm << connection << QString::fromUtf8(state) << QString::fromUtf8(detail);
    };
    const QString message = QStringLiteral("Choose another name.");
    status::LlmSnapshot draining = in(ReportedState::Draining);
    draining.running = 3;
    status::LlmSnapshot recipe = wakingLlm(QStringLiteral("qwen"));
    recipe.wake->phase = channel::WakePhase::Recipe;

    row("active", in(ReportedState::Active), "active", "");
    row("asleep", in(ReportedState::Hibernating), "asleep", "The next request wakes it");
    row("backend down", in(ReportedState::Inactive), "backend down", "Its backend does not answer");
    row("paused", in(ReportedState::Paused), "paused", "Nothing new is taken");
    row("draining", draining, "draining", "3 requests still running");
    row("not published", unpublishedLlm(QStringLiteral("qwen")), "not published", "");
    status::LlmSnapshot withdrawn = unpublishedLlm(QStringLiteral("qwen"));
    withdrawn.running = 1;
    row("not published any more", withdrawn, "not published", "1 request still running");
    row("name taken", refused(channel::EntryStatus::Conflict, message), "name taken", "Choose another name.");
    row("refused", refused(channel::EntryStatus::Invalid, message), "refused", "Choose another name.");
    row("running its recipe", recipe, "waking: 12 s of 2 min", "running its recipe");
    row("waiting for the backend", wakingLlm(QStringLiteral("qwen")), "waking: 12 s of 2 min",
        "waiting for the backend");
    const char *alone = "No connection to the server";
    row("active, offline", in(ReportedState::Active), "offline", alone, ConnectionState::Offline);
    row("asleep, connecting", in(ReportedState::Hibernating), "offline", alone, ConnectionState::Connecting);
    row("refused by an earlier channel", refused(channel::EntryStatus::Conflict, message), "offline", alone,
        ConnectionState::Offline);
    row("not published, offline", unpublishedLlm(QStringLiteral("qwen")), "not published", "",
        ConnectionState::Offline);
    row("waking, offline", recipe, "waking: 12 s of 2 min", "running its recipe", ConnectionState::Offline);
}

void TestStatusWords::tellsHowAnLlmIs()
{
    QFETCH(status::LlmSnapshot, llm);
    QFETCH(publisher::ConnectionState, connection);
    QFETCH(QString, state);
    QFETCH(QString, detail);
    QCOMPARE(StatusWords::llmState(llm, connection), state);
    QCOMPARE(StatusWords::llmDetail(llm, connection), detail);
}

void TestStatusWords::ages_data()
{
    QTest::addColumn<Duration>("age");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing") << Duration(0) << QStringLiteral("just now");
    QTest::newRow("almost a second") << Duration(999ms) << QStringLiteral("just now");
    QTest::newRow("a second") << Duration(1s) << QStringLiteral("1 s ago");
    QTest::newRow("almost a minute") << Duration(59'999ms) << QStringLiteral("59 s ago");
    QTest::newRow("a minute") << Duration(1min) << QStringLiteral("1 min ago");
    QTest::newRow("almost an hour") << Duration(1h - 1ms) << QStringLiteral("59 min ago");
    QTest::newRow("hours") << Duration(2h + 59min) << QStringLiteral("2 h ago");
    QTest::newRow("days") << Duration(24h * 5 + 3h) << QStringLiteral("5 d ago");
}

void TestStatusWords::ages()
{
    QFETCH(Duration, age);
    QFETCH(QString, words);
    QCOMPARE(StatusWords::ago(age), words);
}

void TestStatusWords::spans_data()
{
    QTest::addColumn<Duration>("span");
    QTest::addColumn<QString>("words");
    QTest::newRow("negative") << Duration(-5s) << QStringLiteral("0 s");
    QTest::newRow("seconds") << Duration(4'999ms) << QStringLiteral("4 s");
    QTest::newRow("a minute") << Duration(1min) << QStringLiteral("1 min");
    QTest::newRow("minutes") << Duration(3min + 20s) << QStringLiteral("3 min 20 s");
    QTest::newRow("an hour") << Duration(1h + 59s) << QStringLiteral("1 h");
    QTest::newRow("hours") << Duration(2h + 5min) << QStringLiteral("2 h 5 min");
    QTest::newRow("days") << Duration(24h * 3 + 4h) << QStringLiteral("3 d 4 h");
}

void TestStatusWords::spans()
{
    QFETCH(Duration, span);
    QFETCH(QString, words);
    QCOMPARE(StatusWords::span(span), words);
}

void TestStatusWords::rates_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0.0 << QStringLiteral("–");
    QTest::newRow("next to none") << 0.04 << QStringLiteral("–");
    QTest::newRow("slow") << 4.23 << QStringLiteral("4.2 tokens/s");
    QTest::newRow("ten") << 9.96 << QStringLiteral("10 tokens/s");
    QTest::newRow("fast") << 41.3 << QStringLiteral("41 tokens/s");
}

void TestStatusWords::rates()
{
    QFETCH(double, rate);
    QFETCH(QString, words);
    QCOMPARE(StatusWords::rate(rate), words);
}

void TestStatusWords::wakes_data()
{
    QTest::addColumn<int>("usual");
    QTest::addColumn<QString>("words");
    QTest::newRow("for the first time") << 0 << QStringLiteral("waiting for the backend");
    QTest::newRow("again") << 40 << QStringLiteral("waiting for the backend, usually 40 s");
}

void TestStatusWords::wakes()
{
    QFETCH(int, usual);
    QFETCH(QString, words);
    const publisher::WakeStatus wake{channel::WakePhase::Polling, 12s, 120s};
    const auto known = usual == 0 ? std::nullopt : std::optional<Duration>(std::chrono::seconds(usual));
    QCOMPARE(StatusWords::wakeDetail(wake, known), words);
}

QTEST_GUILESS_MAIN(TestStatusWords)

#include "tst_statuswords.moc"
