// UsageOutbox: brings counts of usage to the table, in batches and one after the other.
//
// UsageLedger puts in what it has counted. A batch goes until it is known to be stored, the next one only then, so
// nothing is added twice. Of what the database refuses, which is not the same as being away, it gives up as little as
// it can. Main thread only.

#pragma once

#include "clock.h"
#include "result.h"
#include "usagerow.h"
#include "usagesettings.h"

#include <QList>
#include <QObject>

#include <functional>
#include <memory>

namespace hearth::storage {
class Storage;
struct UsageBatch;
} // namespace hearth::storage

namespace hearth::usage {

class UsageOutbox final : public QObject
{
    Q_OBJECT

public:
    /// What is not known to be stored, in copies that are cheap.
    struct Content
    {
        /// The one that is sent now or has to be sent again; null for none. It may be stored all the same.
        std::shared_ptr<const storage::UsageBatch> batch;
        /// What follows it.
        QList<QList<domain::UsageRow>> queue;
    };

    /// The references must outlive the outbox. `rested` is called whenever it stops sending: when it is empty, or when
    /// the database is away.
    UsageOutbox(storage::Storage &storage, const Clock &clock, const UsageSettings &settings,
                std::function<void()> rested);
    /// Hands what it has to the storage, which stores it before it closes, or else says how much is lost.
    ~UsageOutbox() override;

    void put(const QList<domain::UsageRow> &rows);
    /// Sends what is there, unless it does so already.
    void send();

    bool isEmpty() const { return !m_content.batch && m_content.queue.isEmpty(); }

    bool isSending() const { return m_isSending; }

    /// The database was away when something was sent last.
    bool isAway() const { return m_isAway; }

    const Content &content() const { return m_content; }

private:
    void prepareBatch();
    void sent(const Result<void> &outcome);
    void refused(const QList<domain::UsageRow> &rows, const Error &error);
    void reportRefused();

    storage::Storage &m_storage;
    const Clock &m_clock;
    const UsageSettings &m_settings;
    const std::function<void()> m_rested;
    const QString m_writer;
    quint64 m_lastNumber = 0;
    Content m_content;
    bool m_isSending = false;
    bool m_isAway = false;
    /// Requests whose counts were given up since that was reported, and what the database has said of the last ones.
    qint64 m_refused = 0;
    QString m_refusal;
};

} // namespace hearth::usage
