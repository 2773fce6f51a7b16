#include "requestmodel.h"

#include "statuswords.h"

#include <QLocale>

#include <algorithm>

namespace hearth::board {

namespace {

QString cellText(const status::RequestSnapshot &request, int column)
{
    switch (column) {
    case RequestModel::Llm:
        return request.llm;
    case RequestModel::Path:
        return request.isStream ? RequestModel::tr("%1, streamed").arg(request.path) : request.path;
    case RequestModel::Age:
        return StatusWords::span(request.age);
    case RequestModel::Tokens:
        return QLocale().toString(request.tokens);
    case RequestModel::Rate:
        return StatusWords::rate(request.tokensPerSecond);
    default:
        return {};
    }
}

} // namespace

void RequestModel::update(const std::vector<status::RequestSnapshot> &requests)
{
    std::vector<status::RequestSnapshot> rows = requests;
    std::ranges::sort(rows, [](const status::RequestSnapshot &a, const status::RequestSnapshot &b) {
        return a.age != b.age ? a.age > b.age : a.task < b.task;
    });
    setRows(std::move(rows));
}

std::optional<TaskId> RequestModel::task(int number) const
{
    const status::RequestSnapshot *const found = row(number);
    return found ? std::optional(found->task) : std::nullopt;
}

int RequestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RequestModel::data(const QModelIndex &index, int role) const
{
    const status::RequestSnapshot *const found = row(index.row());
    if (!found)
        return {};
    if (role == Qt::DisplayRole)
        return cellText(*found, index.column());
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    return {};
}

QString RequestModel::title(int column) const
{
    switch (column) {
    case Llm:
        return tr("Model");
    case Path:
        return tr("Request");
    case Age:
        return tr("Running for");
    case Tokens:
        return tr("Tokens");
    case Rate:
        return tr("Speed");
    default:
        return {};
    }
}

bool RequestModel::isQuantity(int column) const
{
    return column != Llm && column != Path;
}

bool RequestModel::isSame(const status::RequestSnapshot &a, const status::RequestSnapshot &b) const
{
    return a.task == b.task;
}

bool RequestModel::looksDifferent(const status::RequestSnapshot &a, const status::RequestSnapshot &b, int column) const
{
    return cellText(a, column) != cellText(b, column);
}

} // namespace hearth::board
