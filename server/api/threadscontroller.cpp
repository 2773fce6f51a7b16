#include "threadscontroller.h"

#include "chatjson.h"
#include "messagetable.h"
#include "modelnotfound.h"
#include "pagequery.h"
#include "threadtable.h"

namespace hearth::api {

using namespace Qt::StringLiterals;

using domain::ChatMessage;
using domain::ChatThread;
using domain::Principal;
using domain::ThreadId;
using storage::MessageCursor;
using storage::ThreadCursor;

namespace {

constexpr char separator = '-';

/// The two halves of a cursor that was written as a number, the separator and something else.
std::optional<std::pair<qint64, QByteArray>> split(const QByteArray &cursor)
{
    const qsizetype at = cursor.indexOf(separator);
    bool isNumber = false;
    const qint64 number = cursor.left(std::max<qsizetype>(at, 0)).toLongLong(&isNumber);
    return isNumber ? std::optional(std::pair(number, cursor.mid(at + 1))) : std::nullopt;
}

QByteArray toText(const ChatThread &thread)
{
    return QByteArray::number(qint64(thread.updatedAt.time_since_epoch().count())) + separator +
           thread.id.toString().toUtf8();
}

QByteArray toText(const ChatMessage &message)
{
    return QByteArray::number(message.turn) + separator + QByteArray::number(message.position);
}

Result<std::optional<ThreadCursor>> threadCursor(const QByteArray &text)
{
    if (text.isEmpty())
        return std::optional<ThreadCursor>();
    const auto halves = split(text);
    if (!halves || halves->second.isEmpty())
        return badCursor();
    return std::optional(ThreadCursor{WallTime(Duration(halves->first)), ThreadId(QString::fromUtf8(halves->second))});
}

Result<std::optional<MessageCursor>> messageCursor(const QByteArray &text)
{
    if (text.isEmpty())
        return std::optional<MessageCursor>();
    const auto halves = split(text);
    bool isNumber = false;
    const int position = halves ? halves->second.toInt(&isNumber) : 0;
    if (!isNumber || !std::in_range<int>(halves->first))
        return badCursor();
    return std::optional(MessageCursor{static_cast<int>(halves->first), position});
}

/// `next` is empty on the last page.
template <typename Row>
QByteArray pageBody(const QList<Row> &rows, void (*write)(json::JsonWriter &, const Row &), const QByteArray &next)
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject().key("data"_L1).beginArray();
    for (const Row &row : rows)
        write(writer, row);
    writer.endArray().key("nextCursor"_L1);
    if (next.isEmpty())
        writer.null();
    else
        writer.value(next);
    writer.endObject();
    return body;
}

/// The thread, if the key may know of it.
Result<ChatThread> visible(storage::Database &database, const Principal &principal, const ThreadId &id)
{
    const Result<std::optional<ChatThread>> found = storage::ThreadTable(database).find(id, principal.owner());
    if (!found)
        return found.error();
    if (!*found || !principal.mayUse((*found)->agentName))
        return Error{ErrorCode::NotFound, QStringLiteral("This thread does not exist.")};
    return **found;
}

} // namespace

ThreadsController::ThreadsController(const ApiContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{}

void ThreadsController::answer(std::function<Result<QByteArray>(storage::Database &)> work,
                               std::shared_ptr<Reply> reply)
{
    m_context.storage.submit<QByteArray>(this, std::move(work), [reply](const Result<QByteArray> &body) {
        if (!body)
            reply->send(http::errorResponse(body.error(), http::ErrorShape::OpenAi));
        else
            reply->send(body->isEmpty() ? http::Response{204, {}, {}} : jsonResponse(*body));
    });
}

void ThreadsController::list(const Principal &principal, const QString &agentName, const QByteArray &query,
                             std::shared_ptr<Reply> reply)
{
    const domain::Agent *const agent = m_context.registry.findAgent(agentName);
    const Result<PageQuery> page = PageQuery::parse(query);
    const Result<std::optional<ThreadCursor>> before =
        page ? threadCursor(page->before) : Result<std::optional<ThreadCursor>>(page.error());
    if (!principal.mayUse(agentName))
        return reply->send(http::errorResponse(modelNotFound(agentName), http::ErrorShape::OpenAi));
    if (!before)
        return reply->send(http::errorResponse(before.error(), http::ErrorShape::OpenAi));
    // One more than is asked for tells whether there is another page.
    const storage::ThreadQuery wanted{.owner = principal.owner(),
                                      .agentName = agentName,
                                      .agentOwner = agent ? agent->owner : QString(),
                                      .before = *before,
                                      .count = page->limit + 1};
    answer(
        [wanted, exists = agent != nullptr](storage::Database &database) -> Result<QByteArray> {
            Result<QList<ChatThread>> threads = storage::ThreadTable(database).page(wanted);
            if (!threads)
                return threads.error();
            if (threads->isEmpty() && !exists && !wanted.before)
                return modelNotFound(wanted.agentName);
            const bool isLast = threads->size() < wanted.count;
            if (!isLast)
                threads->removeLast();
            return pageBody(*threads, writeThread, isLast ? QByteArray() : toText(threads->last()));
        },
        std::move(reply));
}

void ThreadsController::one(const Principal &principal, const ThreadId &id, std::shared_ptr<Reply> reply)
{
    answer(
        [principal, id](storage::Database &database) -> Result<QByteArray> {
            const Result<ChatThread> thread = visible(database, principal, id);
            if (!thread)
                return thread.error();
            QByteArray body;
            json::JsonWriter writer(body);
            writeThread(writer, *thread);
            return body;
        },
        std::move(reply));
}

void ThreadsController::messages(const Principal &principal, const ThreadId &id, const QByteArray &query,
                                 std::shared_ptr<Reply> reply)
{
    const Result<PageQuery> page = PageQuery::parse(query);
    const Result<std::optional<MessageCursor>> before =
        page ? messageCursor(page->before) : Result<std::optional<MessageCursor>>(page.error());
    if (!before)
        return reply->send(http::errorResponse(before.error(), http::ErrorShape::OpenAi));
    answer(
        [principal, id, before = *before, count = page->limit + 1](storage::Database &database) -> Result<QByteArray> {
            const Result<ChatThread> thread = visible(database, principal, id);
            if (!thread)
                return thread.error();
            Result<QList<ChatMessage>> messages = storage::MessageTable(database).page(id, before, count);
            if (!messages)
                return messages.error();
            const bool isLast = messages->size() < count;
            if (!isLast)
                messages->removeFirst();
            return pageBody(*messages, writeMessage, isLast ? QByteArray() : toText(messages->first()));
        },
        std::move(reply));
}

void ThreadsController::remove(const Principal &principal, const ThreadId &id, std::shared_ptr<Reply> reply)
{
    // An answer that begins after this moment does so behind the deletion, and finds no thread.
    const QString *const ownerAtWork = m_context.chat.ownerAtWork(id);
    answer(
        [principal, id, isAtWork = ownerAtWork != nullptr](storage::Database &database) -> Result<QByteArray> {
            if (const Result<ChatThread> thread = visible(database, principal, id); !thread)
                return thread.error();
            if (isAtWork) {
                return Error{ErrorCode::Conflict,
                             QStringLiteral("A message is being answered in this thread; wait for it.")};
            }
            const Result<void> removed = storage::ThreadTable(database).remove(id, principal.owner());
            return removed ? Result<QByteArray>(QByteArray()) : Result<QByteArray>(removed.error());
        },
        std::move(reply));
}

} // namespace hearth::api
