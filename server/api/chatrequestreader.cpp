#include "chatrequestreader.h"

#include "chatbody.h"
#include "resourcereader.h"
#include "rowchecks.h"

namespace hearth::api {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxToolResults = 128;

void readToolResults(ResourceReader &reader, QList<chat::ToolResult> &results)
{
    const QJsonArray array = reader.array("toolResults"_L1).value_or(QJsonArray());
    if (array.size() > maxToolResults)
        return reader.complain("toolResults"_L1, QStringLiteral("has more than %1 entries").arg(maxToolResults));
    for (const QJsonValue value : array) {
        const QJsonObject entry = value.toObject();
        const QJsonValue id = entry.value("toolCallId"_L1);
        const QJsonValue content = entry.value("content"_L1);
        if (entry.size() != 2 || !id.isString() || !content.isString()) {
            return reader.complain("toolResults"_L1,
                                   QStringLiteral("must be a list of {\"toolCallId\": …, \"content\": …} with texts"));
        }
        results.append({id.toString(), content.toString()});
    }
}

/// Says what is sent where, and with what.
void checkCombination(const ChatBody &chat, ResourceReader &reader)
{
    if (chat.message.isEmpty() == chat.toolResults.isEmpty()) {
        reader.complain("message"_L1, chat.message.isEmpty()
                                          ? QStringLiteral("is missing, and \"toolResults\" too; one of them is needed")
                                          : QStringLiteral("cannot be sent together with \"toolResults\""));
    }
    if (!chat.toolResults.isEmpty() && chat.thread.isEmpty())
        reader.complain("threadId"_L1, QStringLiteral("is missing: \"toolResults\" belong to a thread"));
    if (const QString reserved = domain::reservedParam(chat.params); !reserved.isEmpty())
        reader.complain("params"_L1, QStringLiteral("must not contain \"%1\"; the agent decides it").arg(reserved));
}

} // namespace

Result<ChatBody> readChatBody(const QByteArray &body)
{
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    ChatBody chat;
    const std::optional<QString> thread = reader->text("threadId"_L1);
    if (thread && thread->isEmpty())
        reader->complain("threadId"_L1, QStringLiteral("is empty; leave it out to begin a new thread"));
    chat.thread = domain::ThreadId(thread.value_or(QString()));
    chat.message = reader->text("message"_L1).value_or(QString());
    readToolResults(*reader, chat.toolResults);
    chat.params = reader->object("params"_L1).value_or(QJsonObject());
    chat.stream = reader->boolean("stream"_L1).value_or(false);
    checkCombination(chat, *reader);
    if (const Result<void> finished = reader->finish(); !finished)
        return finished.error();
    return chat;
}

} // namespace hearth::api
