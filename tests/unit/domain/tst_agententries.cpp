// Entries of agents in a register message, planned as a pure function: how they fill a row, what counts as an edit, and
// what is wrong with an entry whatever the state of the server.

#include "agentplanning.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::AgentEntry;
using channel::EntryStatus;

class TestAgentEntries final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_planning.emplace(); }

    void goodEntryFillsTheRow();
    void leftOutFieldsAreEmptyInANewRow();
    void leftOutFieldsKeepTheirValues();
    void whatCountsAsAnEdit_data();
    void whatCountsAsAnEdit();
    void invalidEntries_data();
    void invalidEntries();
    void longestFields();
    void listedTwiceCountsOnce();
    void tooManyAgents();

private:
    std::optional<AgentPlanning> m_planning;
};

void TestAgentEntries::goodEntryFillsTheRow()
{
    const AgentEntry entry{.name = text("a"),
                           .llm = text("m"),
                           .description = text("words"),
                           .systemPrompt = text("Be brief."),
                           .defaultParams = QJsonObject{{text("temperature"), 0.2}},
                           .extras = QJsonObject{{text("icon"), text("x")}},
                           .project = text("hearth")};
    const auto planned = m_planning->plan({entry}, {{.name = text("m")}});
    QVERIFY(planned);
    QCOMPARE(planned->agents.outcomes.size(), 1);
    QVERIFY(planned->agents.outcomes.first() == (channel::EntryOutcome{text("a"), EntryStatus::Accepted, {}}));
    QCOMPARE(planned->agents.written.size(), 1);
    const Agent &agent = planned->agents.written.first();
    QVERIFY(!agent.id.isEmpty());
    QVERIFY(agent.kind == LlmKind::Virtual);
    QVERIFY(agent.status == LlmStatus::Active && !agent.inactiveSince);
    QCOMPARE(agent.owner, text("alice"));
    QVERIFY(agent.providerSessionId == m_planning->session);
    QVERIFY(agent.pinnedTo == domain::Destination(m_planning->llm.id));
    QCOMPARE(agent.description, text("words"));
    QCOMPARE(agent.systemPrompt, text("Be brief."));
    QCOMPARE(agent.defaultParams, *entry.defaultParams);
    QCOMPARE(agent.extras, *entry.extras);
    QCOMPARE(agent.project, text("hearth"));
    QCOMPARE(agent.version, 1);
    for (const WallTime stamp : {agent.createdAt, agent.updatedAt, agent.lastHeartbeatAt.value_or(WallTime())})
        QVERIFY(stamp == m_planning->clock.wallNow());
}

void TestAgentEntries::leftOutFieldsAreEmptyInANewRow()
{
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("m")}});
    QVERIFY(planned);
    const Agent agent = planned->agents.written.value(0);
    QCOMPARE(agent.name, text("a"));
    QVERIFY(agent.description.isEmpty() && agent.systemPrompt.isEmpty() && agent.project.isEmpty());
    QVERIFY(agent.defaultParams.isEmpty() && agent.extras.isEmpty());
}

void TestAgentEntries::leftOutFieldsKeepTheirValues()
{
    Agent before = liveAgent(text("a"), m_planning->llm, text("mine"), m_planning->clock.wallNow());
    before.description = text("words");
    before.systemPrompt = text("Be brief.");
    before.defaultParams = {{text("temperature"), 0.2}};
    before.extras = {{text("icon"), text("x")}};
    before.project = text("hearth");
    m_planning->registry.put(before);
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("m"), .description = QString()}});
    QVERIFY(planned);
    Agent expected = before;
    expected.description.clear();
    QCOMPARE(planned->agents.written.size(), 1);
    QVERIFY(planned->agents.written.first() == expected);
}

void TestAgentEntries::whatCountsAsAnEdit_data()
{
    QTest::addColumn<AgentEntry>("entry");
    QTest::addColumn<bool>("edited");

    const auto row = [](const char *name, const AgentEntry &entry, bool edited) {
        QTest::newRow(name) << entry << edited;
    };
    const QString a = text("a");
    const QString m = text("m");
    row("nothing new", {.name = a, .llm = m}, false);
    row("same values", {.name = a, .llm = m, .systemPrompt = QString(), .extras = QJsonObject()}, false);
    row("another Llm", {.name = a, .llm = text("other")}, true);
    row("description", {.name = a, .llm = m, .description = text("new")}, true);
    row("systemPrompt", {.name = a, .llm = m, .systemPrompt = text("new")}, true);
    row("defaultParams", {.name = a, .llm = m, .defaultParams = QJsonObject{{text("top_p"), 1}}}, true);
    row("extras", {.name = a, .llm = m, .extras = QJsonObject{{text("k"), 1}}}, true);
    row("project", {.name = a, .llm = m, .project = text("new")}, true);
}

void TestAgentEntries::whatCountsAsAnEdit()
{
    QFETCH(AgentEntry, entry);
    QFETCH(bool, edited);
    m_planning->put(liveLlm(text("other"), text("mine"), m_planning->clock.wallNow()));
    Agent before =
        liveAgent(text("a"), m_planning->llm, text("mine"), m_planning->clock.wallNow() - std::chrono::hours(1));
    deactivate(before, m_planning->clock.wallNow() - std::chrono::hours(1));
    m_planning->registry.put(before);
    const auto planned = m_planning->plan({entry});
    QVERIFY(planned);
    QCOMPARE(planned->agents.written.size(), edited ? 1 : 0);
    QCOMPARE(planned->agents.touched.size(), edited ? 0 : 1);
    const Agent &after = edited ? planned->agents.written.first() : planned->agents.touched.first();
    QVERIFY(after.id == before.id);
    QVERIFY(after.createdAt == before.createdAt);
    QVERIFY(after.updatedAt == (edited ? m_planning->clock.wallNow() : before.updatedAt));
    QVERIFY(after.lastHeartbeatAt == m_planning->clock.wallNow());
    QVERIFY(after.status == LlmStatus::Active && !after.inactiveSince);
    QVERIFY(after.pinnedTo == domain::Destination(m_planning->registry.findLlm(entry.llm)->id));
}

void TestAgentEntries::invalidEntries_data()
{
    QTest::addColumn<AgentEntry>("entry");
    QTest::addColumn<QString>("field");

    const auto row = [](const char *name, const AgentEntry &entry, const char *field) {
        QTest::newRow(name) << entry << text(field);
    };
    const QString a = text("a");
    const QString m = text("m");
    const QString zero(QChar(u'\0'));
    const QString half(QChar(0xd800));
    row("no name", {.name = QString(), .llm = m}, "name");
    row("name with a blank", {.name = text("a b"), .llm = m}, "name");
    row("no Llm", {.name = a, .llm = QString()}, "llm");
    row("zero character in the Llm", {.name = a, .llm = zero}, "llm");
    row("long description", {.name = a, .llm = m, .description = QString(4097, u'a')}, "description");
    row("zero character in the description", {.name = a, .llm = m, .description = zero}, "description");
    row("long prompt", {.name = a, .llm = m, .systemPrompt = QString(128 * 1024 + 1, u'a')}, "systemPrompt");
    row("zero character in the prompt", {.name = a, .llm = m, .systemPrompt = zero}, "systemPrompt");
    row("half a surrogate pair in the prompt", {.name = a, .llm = m, .systemPrompt = half}, "systemPrompt");
    row("long project", {.name = a, .llm = m, .project = QString(513, u'a')}, "project");
    row("zero character in the project", {.name = a, .llm = m, .project = zero}, "project");
    for (const char *reserved : {"model", "messages", "stream", "Messages", "MODEL", "me\u017f\u017fages"}) {
        QTest::addRow("defaultParams with %s", reserved)
            << AgentEntry{.name = a, .llm = m, .defaultParams = QJsonObject{{QString::fromUtf8(reserved), 1}}}
            << QString::fromUtf8(reserved);
    }
    // {"k":"…"} around the text.
    const QString tooLong(16 * 1024 - 7, u'a');
    row("large defaultParams", {.name = a, .llm = m, .defaultParams = QJsonObject{{text("k"), tooLong}}},
        "defaultParams");
    row("large extras", {.name = a, .llm = m, .extras = QJsonObject{{text("k"), tooLong}}}, "extras");
}

void TestAgentEntries::invalidEntries()
{
    QFETCH(AgentEntry, entry);
    QFETCH(QString, field);
    const auto planned = m_planning->plan({entry, {.name = text("good"), .llm = text("m")}}, {{.name = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Invalid);
    const QString message = planned->agents.outcomes.first().message;
    QVERIFY2(message.contains(field), qPrintable(message));
    // Alone.
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
    QVERIFY(planned->agents.outcomes.last().status == EntryStatus::Accepted);
    QCOMPARE(planned->agents.written.size(), 1);
    QCOMPARE(planned->agents.written.first().name, text("good"));
}

void TestAgentEntries::longestFields()
{
    const QString longest(16 * 1024 - 8, u'a');
    const auto planned = m_planning->plan({{.name = text("a"),
                                            .llm = text("m"),
                                            .description = QString(4096, u'a'),
                                            .systemPrompt = QString(128 * 1024, u'a'),
                                            .defaultParams = QJsonObject{{text("k"), longest}},
                                            .extras = QJsonObject{{text("k"), longest}},
                                            .project = QString(512, u'a')}});
    QVERIFY(planned);
    QVERIFY2(planned->agents.outcomes.first().status == EntryStatus::Accepted,
             qPrintable(planned->agents.outcomes.first().message));
}

void TestAgentEntries::listedTwiceCountsOnce()
{
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("m"), .project = text("first")},
                                           {.name = text("a"), .llm = text("m"), .project = text("second")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes[0].status == EntryStatus::Accepted);
    QVERIFY(planned->agents.outcomes[1].status == EntryStatus::Invalid);
    QCOMPARE(planned->agents.written.size(), 1);
    QCOMPARE(planned->agents.written.first().project, text("first"));
}

void TestAgentEntries::tooManyAgents()
{
    QList<AgentEntry> entries;
    for (int i = 0; i < 1000; ++i)
        entries.append({.name = QString::number(i), .llm = text("m")});
    QVERIFY(m_planning->plan(entries));
    entries.append({.name = text("one-more"), .llm = text("m")});
    const auto planned = m_planning->plan(entries);
    QVERIFY(!planned);
    QVERIFY(planned.error().code == ErrorCode::InvalidRequest);
}

QTEST_GUILESS_MAIN(TestAgentEntries)
#include "tst_agententries.moc"
