// What the tests of Storage share: settings that are quick, and submitted work whose answer can be waited for.

#pragma once

#include "database.h"
#include "databasefixture.h"
#include "storage.h"

#include <QRegularExpression>
#include <QTest>

#include <memory>

namespace hearth::testsupport {

/// Limits in tenths of a second, so that each test that waits for one is over soon.
inline storage::StorageSettings quickSettings(const DatabaseFixture &fixture)
{
    return {.url = fixture.url(),
            .statementTimeout = std::chrono::milliseconds(1000),
            .hangGrace = std::chrono::milliseconds(300),
            .reopenInterval = std::chrono::milliseconds(100),
            .keyPollInterval = std::chrono::milliseconds(200),
            .lifecycleInterval = std::chrono::milliseconds(100)};
}

/// The answer to one piece of submitted work, once it is there.
class Answer
{
public:
    Answer(storage::Storage &storage, std::function<Result<void>(storage::Database &)> work)
    {
        storage.submit<void>(nullptr, std::move(work),
                             [result = m_result](Result<void> answer) { *result = std::move(answer); });
    }

    bool isThere() const { return m_result->has_value(); }

    bool isOk() const { return isThere() && (*m_result)->ok(); }

    bool failedWith(ErrorCode code) const { return isThere() && !isOk() && (*m_result)->error().code == code; }

    const Error &error() const { return (*m_result)->error(); }

private:
    std::shared_ptr<std::optional<Result<void>>> m_result = std::make_shared<std::optional<Result<void>>>();
};

/// Work that stores a name.
inline std::function<Result<void>(storage::Database &)> takingName(const QString &name)
{
    return [name](storage::Database &database) -> Result<void> {
        const Result<qint64> taken =
            database.execute(QLatin1String("name_take"), {{"name", name}, {"takenBy", QLatin1String("llm")}});
        return taken ? Result<void>() : Result<void>(taken.error());
    };
}

/// Makes every test fail in which the client library or Qt's driver complains.
inline void failOnDriverWarnings()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(QSql|QPSQL|Unable to|QSqlDatabase|QSocketNotifier|QObject)")));
}

} // namespace hearth::testsupport
