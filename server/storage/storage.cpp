#include "storage.h"

#include "logging.h"
#include "statementwatch.h"
#include "storageworker.h"

#include <QPointer>
#include <QThread>

#include <map>

namespace hearth::storage {

namespace {

Error unavailable(const QString &message)
{
    return Error{.code = ErrorCode::StorageUnavailable, .message = message, .retryAfter = std::chrono::seconds(1)};
}

/// Where the database is and what it said is for the log: these errors are read by clients and publishers.
std::optional<Error> withoutDetails(const std::optional<Error> &error)
{
    if (!error || error->code != ErrorCode::StorageUnavailable)
        return error;
    qCInfo(lcStorage).noquote() << "Work was not done:" << error->message;
    return unavailable(QStringLiteral("The database is not available at the moment."));
}

} // namespace

class Storage::Private
{
public:
    explicit Private(StorageSettings chosen);

    /// Work that has been accepted and not been answered.
    struct Waiting
    {
        std::shared_ptr<StorageJob> job;
        MonotonicTime since;
        bool hasContext = false;
        QPointer<QObject> context;
        Completion completion;
    };

    static void finish(const Waiting &waiting, const std::optional<Error> &error);
    void deliverAnswers();
    /// Takes back the work that has been without an answer for the hang limit, the oldest first.
    std::vector<Waiting> withdrawOverdue();
    /// Gives up what hangs; runs for as long as the storage is open.
    void watchForHang();
    /// Ends the thread. A statement that hangs meanwhile is cut, and work that becomes overdue is withdrawn, even from
    /// inside the batch that runs: it would otherwise wait for one statement timeout after the other.
    void stop();

    const StorageSettings settings;
    /// How long a statement may be silent, and work unanswered.
    const Duration hangLimit;
    const std::shared_ptr<StatementWatch> statementWatch = std::make_shared<StatementWatch>();
    StorageQueue queue;
    QThread thread;
    /// Lives on the thread and ends with it; null while that does not run.
    StorageWorker *worker = nullptr;
    SystemClock clock;
    Timer hangTimer;
    /// By order, so the oldest is the first.
    std::map<quint64, Waiting> waiting;
    quint64 lastOrder = 0;
    bool isAvailable = false;
};

Storage::Private::Private(StorageSettings chosen)
    : settings(std::move(chosen))
    , hangLimit(settings.statementTimeout + settings.hangGrace)
    , hangTimer(clock, [this] { watchForHang(); })
{
    thread.setObjectName(QStringLiteral("storage"));
}

void Storage::Private::finish(const Waiting &waiting, const std::optional<Error> &error)
{
    if (!waiting.hasContext || waiting.context)
        waiting.completion(error);
}

void Storage::Private::deliverAnswers()
{
    for (const StorageAnswer &answer : queue.takeAnswers()) {
        const auto found = waiting.find(answer.order);
        if (found != waiting.end())
            finish(waiting.extract(found).mapped(), withoutDetails(answer.error));
        else if (!answer.error)
            qCWarning(lcStorage) << "Work was stored after it had been given up.";
    }
}

std::vector<Storage::Private::Waiting> Storage::Private::withdrawOverdue()
{
    std::vector<Waiting> overdue;
    while (!waiting.empty() && waiting.begin()->second.since + hangLimit <= clock.now()) {
        overdue.push_back(waiting.extract(waiting.begin()).mapped());
        queue.withdraw(overdue.back().job);
    }
    return overdue;
}

void Storage::Private::watchForHang()
{
    hangTimer.start(settings.hangGrace / 2);
    // If it was this thread that hung, the answers may have been here for long.
    deliverAnswers();
    if (statementWatch->cutIfRunningFor(hangLimit))
        qCWarning(lcStorage) << "The database does not answer; its connection was cut.";
    for (const Waiting &overdue : withdrawOverdue())
        finish(overdue, unavailable(QStringLiteral("The database did not answer in time.")));
}

void Storage::Private::stop()
{
    if (!worker)
        return;
    hangTimer.stop();
    QMetaObject::invokeMethod(worker, &StorageWorker::finish, Qt::QueuedConnection);
    while (!thread.wait(QDeadlineTimer(settings.hangGrace))) {
        statementWatch->cutIfRunningFor(hangLimit);
        withdrawOverdue();
    }
    worker = nullptr;
}

Storage::Storage(StorageSettings settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(settings)))
{}

Storage::~Storage()
{
    d->queue.close();
    d->stop();
}

Result<void> Storage::open()
{
    Q_ASSERT(!d->worker);
    auto *const worker = new StorageWorker(d->settings, d->queue, d->statementWatch);
    d->worker = worker;
    worker->moveToThread(&d->thread);
    connect(&d->thread, &QThread::finished, worker, &QObject::deleteLater);
    connect(worker, &StorageWorker::apiKeysLoaded, this, &Storage::apiKeysLoaded);
    connect(worker, &StorageWorker::answersReady, this, [this] { d->deliverAnswers(); });
    connect(worker, &StorageWorker::availabilityChanged, this, [this](bool available) {
        d->isAvailable = available;
        Q_EMIT availabilityChanged(available);
    });
    d->thread.start();

    Result<void> result;
    // Not cut when it takes long: a migration of much data may.
    QMetaObject::invokeMethod(worker, &StorageWorker::open, Qt::BlockingQueuedConnection, &result);
    if (!result) {
        d->stop();
        return result;
    }
    d->isAvailable = true;
    d->hangTimer.start(d->settings.hangGrace / 2);
    return {};
}

void Storage::recordHeartbeat(const SessionHeartbeat &heartbeat)
{
    d->queue.record(++d->lastOrder, heartbeat);
}

void Storage::recordLifecycle(const LlmLifecycle &lifecycle)
{
    d->queue.record(++d->lastOrder, lifecycle);
}

void Storage::recordLifecycle(const AgentLifecycle &lifecycle)
{
    d->queue.record(++d->lastOrder, lifecycle);
}

bool Storage::available() const
{
    return d->isAvailable;
}

void Storage::enqueue(QObject *context, Work work, Completion completion)
{
    Private::Waiting waiting{.job = std::make_shared<StorageJob>(),
                             .since = d->clock.now(),
                             .hasContext = context != nullptr,
                             .context = context,
                             .completion = std::move(completion)};
    std::optional<Error> refusal;
    if (!d->isAvailable)
        refusal = unavailable(QStringLiteral("The database is not available at the moment."));
    else if (d->waiting.size() >= static_cast<size_t>(d->settings.maxPending))
        refusal = unavailable(QStringLiteral("The database cannot keep up with the requests."));
    if (refusal) {
        const auto refuse = [waiting = std::move(waiting), refusal] { Private::finish(waiting, refusal); };
        QMetaObject::invokeMethod(this, refuse, Qt::QueuedConnection);
        return;
    }
    const quint64 order = ++d->lastOrder;
    waiting.job->order = order;
    waiting.job->work = std::move(work);
    const size_t count = d->queue.push(waiting.job);
    d->waiting.emplace(order, std::move(waiting));
    if (count == 1 || count == static_cast<size_t>(d->settings.groupCommitSize))
        QMetaObject::invokeMethod(d->worker, &StorageWorker::workArrived, Qt::QueuedConnection);
}

} // namespace hearth::storage
