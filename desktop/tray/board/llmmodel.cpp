#include "llmmodel.h"

#include "statuswords.h"

namespace hearth::board {

namespace {

constexpr Duration never = Duration::max();

QString ageText(const std::optional<Duration> &age)
{
    return age ? StatusWords::ago(*age) : StatusWords::nothing();
}

QString cellText(const LlmRow &row, int column)
{
    switch (column) {
    case LlmModel::Name:
        return row.llm.name;
    case LlmModel::Backend:
        return row.llm.backend;
    case LlmModel::State:
        return StatusWords::llmState(row.llm, row.connection);
    case LlmModel::Running:
        return LlmModel::tr("%1 of %2").arg(row.llm.running).arg(row.llm.maxConcurrency);
    case LlmModel::Rate:
        return StatusWords::rate(row.llm.tokensPerSecond);
    case LlmModel::Heartbeat:
        return ageText(row.heartbeatAge);
    case LlmModel::LastRequest:
        return ageText(row.llm.lastRequestAge);
    default:
        return {};
    }
}

QString cellDetail(const LlmRow &row, int column)
{
    switch (column) {
    case LlmModel::Name:
        return row.llm.model == row.llm.name ? QString() : row.llm.model;
    case LlmModel::State:
        return row.llm.wake ? StatusWords::wakeDetail(*row.llm.wake, row.usualWake)
                            : StatusWords::llmDetail(row.llm, row.connection);
    default:
        return {};
    }
}

// What is measured against an estimate must not look done before it is.
QVariant wakeProgress(const LlmRow &row, int column)
{
    if (column != LlmModel::State || !row.llm.wake)
        return {};
    const auto expected = std::chrono::duration<double>(row.usualWake.value_or(row.llm.wake->limit));
    if (expected.count() <= 0)
        return 0.0;
    constexpr double almostDone = 0.97;
    return std::min(std::chrono::duration<double>(row.llm.wake->elapsed) / expected, almostDone);
}

QVariant sortKey(const LlmRow &row, int column)
{
    switch (column) {
    case LlmModel::Running:
        return row.llm.running;
    case LlmModel::Rate:
        return row.llm.tokensPerSecond;
    case LlmModel::Heartbeat:
        return qlonglong(row.heartbeatAge.value_or(never).count());
    case LlmModel::LastRequest:
        return qlonglong(row.llm.lastRequestAge.value_or(never).count());
    default:
        return cellText(row, column);
    }
}

// Of whom the server knows nothing, its heartbeats tell nothing.
bool isKnownToServer(const status::LlmSnapshot &llm)
{
    return llm.isPublished && llm.outcome && llm.outcome->status == channel::EntryStatus::Accepted;
}

} // namespace

void LlmModel::update(const status::PublisherSnapshot &snapshot, const WakeMemory &wakes)
{
    std::vector<LlmRow> rows;
    rows.reserve(snapshot.llms.size());
    for (const status::LlmSnapshot &llm : snapshot.llms) {
        LlmRow row{.llm = llm, .connection = snapshot.state, .usualWake = wakes.usual(llm.name)};
        if (snapshot.connection && isKnownToServer(llm))
            row.heartbeatAge = snapshot.connection->heartbeatAge;
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

const status::LlmSnapshot *LlmModel::llm(int number) const
{
    const LlmRow *const found = row(number);
    return found ? &found->llm : nullptr;
}

int LlmModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LlmModel::data(const QModelIndex &index, int role) const
{
    const LlmRow *const found = row(index.row());
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*found, index.column());
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
    case DetailRole:
        return cellDetail(*found, index.column());
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case NameRole:
        return found->llm.name;
    case WakeProgressRole:
        return wakeProgress(*found, index.column());
    case SortRole:
        return sortKey(*found, index.column());
    default:
        return {};
    }
}

QString LlmModel::title(int column) const
{
    switch (column) {
    case Name:
        return tr("Model");
    case Backend:
        return tr("Backend");
    case State:
        return tr("State");
    case Running:
        return tr("In flight");
    case Rate:
        return tr("Speed");
    case Heartbeat:
        return tr("Heartbeat");
    case LastRequest:
        return tr("Last request");
    default:
        return {};
    }
}

bool LlmModel::isQuantity(int column) const
{
    return column >= Running;
}

bool LlmModel::isSame(const LlmRow &a, const LlmRow &b) const
{
    return a.llm.name == b.llm.name;
}

bool LlmModel::looksDifferent(const LlmRow &a, const LlmRow &b, int column) const
{
    return cellText(a, column) != cellText(b, column) || cellDetail(a, column) != cellDetail(b, column);
}

} // namespace hearth::board
