// Simulation: the boxes, and what happens to them.

#include "domainrows.h"
#include "simulation.h"

namespace hearth::testsupport {

using namespace scheduling;
using namespace std::chrono_literals;

namespace {

constexpr int keys = 12;
constexpr int owners = 5;
constexpr int greedyKey = 0;
constexpr int slowKey = 1;

QString owner(int number)
{
    return QStringLiteral("owner-%1").arg(number);
}

/// Of the box with this number, as long as nobody moves it.
QString poolOf(size_t box)
{
    if (box < 8)
        return Simulation::pools[0];
    if (box < 13)
        return Simulation::pools[1];
    return box < 16 ? Simulation::pools[2] : QString();
}

Error wakeFailure(ErrorCode code)
{
    return {code, QStringLiteral("The wake has failed.")};
}

} // namespace

const QStringList Simulation::pools = {QStringLiteral("big"), QStringLiteral("small"), QStringLiteral("tiny")};

void Simulation::furnish()
{
    const BreakerModel breaker(m_settings.breakerFailures, m_settings.breakerPause, m_settings.maxBreakerPause);
    const BreakerModel wakeBreaker(1, m_settings.breakerPause, m_settings.maxBreakerPause);
    m_boxes.resize(boxes, Box{.id = {}, .breaker = breaker, .wakeBreaker = wakeBreaker});
    for (size_t i = 0; i < m_boxes.size(); ++i) {
        m_boxes[i].meanMs = between(40, 800);
        m_boxes[i].sick = chance(8);
        addRow(m_boxes[i], poolOf(i));
        m_capacity += 1.0 * m_boxes[i].row->maxConcurrency / m_boxes[i].meanMs;
    }
}

void Simulation::addRow(Box &box, const QString &pool)
{
    domain::Llm llm = liveLlm(QStringLiteral("llm-%1").arg(++m_rowsMade), QStringLiteral("s"), m_clock.wallNow());
    llm.maxConcurrency = between(1, 4);
    llm.pool = pool;
    llm.owner = owner(between(0, owners - 1));
    llm.kind = chance(10) ? domain::LlmKind::Public : domain::LlmKind::Virtual;
    if (chance(85))
        llm.wake = domain::WakeInfo{};
    if (chance(25))
        llm.status = domain::LlmStatus::Hibernating;
    m_registry.put(llm);
    box.id = llm.id;
    box.row = m_registry.findLlm(llm.id);
    m_boxNumbers.insert(llm.id, numberOf(box));
    m_touched.insert(&box);
    box.running.clear();
    box.probe = nullptr;
    box.breaker.served();
    box.wakeBreaker.served();
    box.wake = 0;
    box.lostAt.reset();
    box.wasReady = false;
    observe(box);
    m_scheduler.llmChanged(llm.id);
}

void Simulation::planArrivals()
{
    m_jobs.resize(arrivals);
    // Some worlds have more to do than they can.
    const double load = (chance(80) ? between(20, 90) : between(90, 150)) / 100.0;
    std::exponential_distribution<double> pause(m_capacity * load);
    double at = 0;
    for (Job &job : m_jobs) {
        at += pause(m_random);
        in(Duration(std::llround(at)), [this, &job] {
            job.key = chance(50) ? greedyKey : between(0, keys - 1);
            job.request = makeRequest(job.key);
            job.factor = job.key == slowKey ? 5 : 1;
            arrive(job);
        });
    }
}

Request Simulation::makeRequest(int key)
{
    Request request;
    request.key = ApiKeyId(QStringLiteral("key-%1").arg(key));
    // Some have a box, most have none.
    request.owner = key % 3 == 2 ? owner(key % owners) : QStringLiteral("client-%1").arg(key);
    if (m_hasPriorities)
        request.priority = static_cast<domain::Priority>(key % 3);
    if (chance(40))
        request.conversation = static_cast<quint64>(key * 100 + between(0, 9));
    const QString pool = poolOf(static_cast<size_t>(between(0, boxes - 1)));
    if (pool.isEmpty() || chance(15) || m_registry.poolMembers(pool).empty())
        request.destination = anyBox().id;
    else
        request.destination = domain::PoolName{pool};
    return request;
}

void Simulation::planTrouble()
{
    const Duration lasts = m_events.rbegin()->first - m_clock.now();
    for (int i = between(20, 120); i > 0; --i) {
        in(Duration(between(0, static_cast<int>(lasts.count()))), [this] { makeTrouble(anyBox()); });
    }
}

void Simulation::makeTrouble(Box &box)
{
    const int what = between(1, 100);
    if (what <= 25)
        kill(box);
    else if (what <= 40)
        cutOff(box);
    else if (what <= 50)
        pause(box);
    else if (what <= 75)
        fallAsleep(box);
    else if (what <= 85)
        change(box, [this](domain::Llm &llm) { llm.maxConcurrency = between(1, 5); });
    else if (what <= 90)
        box.sick = !box.sick;
    else if (what <= 95)
        moveToAnotherPool(box);
    else
        replace(box);
}

void Simulation::change(Box &box, const std::function<void(domain::Llm &)> &edit)
{
    domain::Llm llm = *box.row;
    edit(llm);
    m_registry.put(llm);
    observe(box);
    m_scheduler.llmChanged(llm.id);
}

void Simulation::setStatus(Box &box, domain::LlmStatus status)
{
    change(box, [status](domain::Llm &llm) {
        llm.status = status;
        llm.statusReason.reset();
    });
}

void Simulation::observe(Box &box)
{
    m_worldHasChanged = true;
    box.pool.reset();
    if (!box.row->pool.isEmpty())
        box.pool = placeOf(domain::PoolName{box.row->pool});
    if (!isLost(box))
        box.lostAt.reset();
    else if (box.wasReady)
        box.lostAt = m_clock.now();
    box.wasReady = isReady(box);
}

void Simulation::kill(Box &box)
{
    domain::Llm llm = *box.row;
    if (llm.status == domain::LlmStatus::Inactive)
        return;
    llm.status = domain::LlmStatus::Inactive;
    llm.statusReason = domain::StatusReason::Offline;
    m_registry.put(llm);
    m_unreachable.insert(box.row);
    losePublisher(box);
    in(Duration(between(50, 5000)), [this, &box, id = box.id] {
        if (box.id == id)
            comeBack(box);
    });
}

void Simulation::cutOff(Box &box)
{
    if (m_unreachable.contains(box.row))
        return;
    m_unreachable.insert(box.row);
    losePublisher(box);
    in(Duration(between(50, 3000)), [this, &box, id = box.id] {
        if (box.id != id)
            return;
        m_unreachable.remove(box.row);
        observe(box);
        m_scheduler.llmChanged(id);
    });
}

void Simulation::losePublisher(Box &box)
{
    observe(box);
    const auto tell = [this, &box] {
        m_scheduler.llmChanged(box.id);
        if (box.wake)
            wakeEnds(box, wakeFailure(ErrorCode::PublisherLost));
    };
    // The scheduler may learn it before or after the tasks have failed.
    const bool early = chance(50);
    if (early)
        tell();
    for (Job *const job : std::set(box.running)) {
        giveSlotBack(*job);
        tryElsewhere(*job, box.id, true);
    }
    if (!early)
        tell();
}

void Simulation::pause(Box &box)
{
    if (box.row->status == domain::LlmStatus::Inactive)
        return;
    change(box, [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Inactive;
        llm.statusReason = domain::StatusReason::Paused;
    });
    in(Duration(between(50, 3000)), [this, &box, id = box.id] {
        if (box.id == id)
            comeBack(box);
    });
}

void Simulation::comeBack(Box &box)
{
    m_unreachable.remove(box.row);
    setStatus(box, domain::LlmStatus::Active);
}

void Simulation::fallAsleep(Box &box)
{
    // Some wake up again without having been asked to.
    const domain::LlmStatus status = box.row->status;
    if (status == domain::LlmStatus::Active && box.running.empty())
        setStatus(box, domain::LlmStatus::Hibernating);
    else if (status == domain::LlmStatus::Hibernating)
        setStatus(box, domain::LlmStatus::Active);
}

void Simulation::moveToAnotherPool(Box &box)
{
    const QString pool = poolOf(static_cast<size_t>(between(0, boxes - 1)));
    change(box, [&pool](domain::Llm &llm) { llm.pool = pool; });
    m_turns.startAnew();
}

void Simulation::replace(Box &box)
{
    const LlmId deleted = box.id;
    const QString pool = box.row->pool;
    m_unreachable.remove(box.row);
    m_registry.removeLlm(deleted);
    m_boxNumbers.remove(deleted);
    m_scheduler.llmChanged(deleted);
    if (chance(50))
        m_scheduler.wakeEnded(deleted, wakeFailure(ErrorCode::PublisherLost));
    addRow(box, pool);
    m_turns.startAnew();
}

void Simulation::wake(Box &box)
{
    const domain::Llm &llm = *box.row;
    require(box.wake == 0, "an Llm is woken once at a time");
    require(llm.status == domain::LlmStatus::Hibernating && llm.wake && !m_unreachable.contains(box.row),
            "only what sleeps is woken");
    box.wake = ++m_wakesMade;
    ++m_report.wakes;
    in(Duration(between(100, 3000)), [this, &box, id = box.id, wake = box.wake] {
        if (box.id != id || box.wake != wake)
            return;
        if (chance(25))
            return wakeEnds(box, wakeFailure(ErrorCode::WakeFailed));
        if (box.row->status == domain::LlmStatus::Hibernating)
            setStatus(box, domain::LlmStatus::Active);
        wakeEnds(box, {});
    });
}

void Simulation::wakeEnds(Box &box, const Result<void> &result)
{
    m_worldHasChanged = true;
    box.wake = 0;
    if (result) {
        box.wakeBreaker.served();
    } else {
        box.wakeBreaker.failed(m_clock.now());
        ++m_report.failedWakes;
    }
    m_scheduler.wakeEnded(box.id, result);
}

} // namespace hearth::testsupport
