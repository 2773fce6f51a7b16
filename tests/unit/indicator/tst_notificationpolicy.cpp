// Which notifications the owner gets: each cause once, and only what is wanted.

#include "notificationpolicy.h"

#include <QtTest>

using namespace hearth;
using namespace hearth::indicator;
using publisher::NotificationSettings;
using status::Attention;
using Kind = Attention::Kind;

namespace {

const Attention wakeFailed{Kind::WakeFailed, QStringLiteral("qwen"), QStringLiteral("The recipe has failed.")};
const Attention keyRefused{Kind::KeyRefused, {}, QStringLiteral("The server does not know this key.")};

} // namespace

Q_DECLARE_METATYPE(NotificationSettings)

class TestNotificationPolicy final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void tellsEachCauseOnce()
    {
        FakeClock clock;
        NotificationPolicy policy(clock);
        const NotificationOrders orders = policy.update({wakeFailed, keyRefused}, {});
        QCOMPARE(orders.show.size(), 2);
        QVERIFY2(orders.show[0].text.endsWith(wakeFailed.text), qPrintable(orders.show[0].text));
        QVERIFY(orders.show[0].title.contains(wakeFailed.subject));
        QVERIFY(orders.show[0].id != orders.show[1].id);
        clock.advance(std::chrono::hours(1));
        QVERIFY(policy.update({wakeFailed, keyRefused}, {}).show.empty());
    }

    void anotherTextIsTheSameCause()
    {
        FakeClock clock;
        NotificationPolicy policy(clock);
        policy.update({wakeFailed}, {});
        Attention again = wakeFailed;
        again.text = QStringLiteral("The backend did not answer.");
        QVERIFY(policy.update({again}, {}).show.empty());
        again.subject = QStringLiteral("llama");
        QCOMPARE(policy.update({wakeFailed, again}, {}).show.size(), 1);
    }

    void withdrawsWhatHasGone()
    {
        FakeClock clock;
        NotificationPolicy policy(clock);
        const QString id = policy.update({wakeFailed, keyRefused}, {}).show[0].id;
        const NotificationOrders orders = policy.update({keyRefused}, {});
        QCOMPARE(orders.withdraw, QStringList{id});
        QVERIFY(policy.update({keyRefused}, {}).withdraw.isEmpty());
    }

    void causeThatComesAgainIsQuietForAWhile()
    {
        FakeClock clock;
        NotificationPolicy policy(clock, {.quiet = std::chrono::minutes(10)});
        policy.update({wakeFailed}, {});
        policy.update({}, {});
        clock.advance(std::chrono::minutes(9));
        QVERIFY(policy.update({wakeFailed}, {}).show.empty());
        // It has not gone away since: now the owner should hear of it.
        clock.advance(std::chrono::minutes(2));
        QCOMPARE(policy.update({wakeFailed}, {}).show.size(), 1);
    }

    void forgetsWhatIsLongGone()
    {
        FakeClock clock;
        NotificationPolicy policy(clock);
        policy.update({wakeFailed}, {});
        policy.update({}, {});
        clock.advance(std::chrono::minutes(11));
        policy.update({}, {});
        QCOMPARE(policy.update({wakeFailed}, {}).show.size(), 1);
    }

    void heedsEachSwitch_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<NotificationSettings>("wanted");
        QTest::addColumn<bool>("isTold");
        const NotificationSettings none{false, false, false, false};
        QTest::newRow("key refused") << Kind::KeyRefused << NotificationSettings{.keyRefused = false} << false;
        QTest::newRow("name taken") << Kind::NameTaken << NotificationSettings{.nameTaken = false} << false;
        QTest::newRow("entry refused") << Kind::EntryRefused << NotificationSettings{.nameTaken = false} << false;
        QTest::newRow("wake failed") << Kind::WakeFailed << NotificationSettings{.wakeFailed = false} << false;
        QTest::newRow("backend lost") << Kind::BackendLost << NotificationSettings{.backendLost = false} << false;
        QTest::newRow("only wakes wanted")
            << Kind::WakeFailed << NotificationSettings{false, false, true, false} << true;
        QTest::newRow("keyring locked") << Kind::KeyringLocked << none << true;
        QTest::newRow("key missing") << Kind::KeyMissing << none << true;
        QTest::newRow("configuration broken") << Kind::ConfigBroken << none << true;
        QTest::newRow("not saved") << Kind::NotSaved << none << true;
        QTest::newRow("replaced") << Kind::Replaced << none << true;
    }

    void heedsEachSwitch()
    {
        QFETCH(const Kind, kind);
        QFETCH(const NotificationSettings, wanted);
        QFETCH(const bool, isTold);
        FakeClock clock;
        NotificationPolicy policy(clock);
        const std::vector<platform::Notification> shown =
            policy.update({{kind, QStringLiteral("qwen"), QStringLiteral("Text.")}}, wanted).show;
        QCOMPARE(!shown.empty(), isTold);
        if (isTold)
            QVERIFY(!shown.front().title.isEmpty());
    }

    void switchedOffIsWithdrawn()
    {
        FakeClock clock;
        NotificationPolicy policy(clock);
        policy.update({wakeFailed}, {});
        QCOMPARE(policy.update({wakeFailed}, {.wakeFailed = false}).withdraw.size(), 1);
    }
};

QTEST_APPLESS_MAIN(TestNotificationPolicy)
#include "tst_notificationpolicy.moc"
