// The routes of chat threads: the part of ApiRouter that makes them.

#include "apirouter.h"
#include "chathandler.h"

namespace hearth::api {

using domain::Principal;
using domain::Scope;
using domain::ThreadId;
using http::Method;

void ApiRouter::addChatRoutes()
{
    static const QByteArray agents = "/api/v1/agents/";
    static const QByteArray threads = "/api/v1/threads/";
    using Answer = std::function<void(const Principal &, const QString &, const QByteArray &, std::shared_ptr<Reply>)>;
    const auto addThreadRoute = [this](Method method, const QByteArray &prefix, const QByteArray &suffix,
                                       const Answer &answer) {
        add({method, prefix, suffix, true, Scope::Infer, [answer](const Call &call) {
                 return http::Accepted{std::make_unique<DeferredHandler>(
                     [answer, principal = *call.principal, parameter = call.parameter,
                      query = call.exchange.head().query](std::shared_ptr<Reply> reply) {
                         answer(principal, parameter, query, std::move(reply));
                     })};
             }});
    };
    add({Method::Post, agents, "/chat", true, Scope::Infer, [this](const Call &call) {
             return http::Accepted{
                 std::make_unique<ChatHandler>(m_context, call.exchange, *call.principal, call.parameter)};
         }});
    addThreadRoute(Method::Get, agents, "/threads",
                   [this](const Principal &principal, const QString &agent, const QByteArray &query,
                          std::shared_ptr<Reply> reply) { m_threads.list(principal, agent, query, std::move(reply)); });
    addThreadRoute(
        Method::Get, threads, "/messages",
        [this](const Principal &principal, const QString &id, const QByteArray &query, std::shared_ptr<Reply> reply) {
            m_threads.messages(principal, ThreadId(id), query, std::move(reply));
        });
    addThreadRoute(Method::Get, threads, {},
                   [this](const Principal &principal, const QString &id, const QByteArray &,
                          std::shared_ptr<Reply> reply) { m_threads.one(principal, ThreadId(id), std::move(reply)); });
    addThreadRoute(
        Method::Delete, threads, {},
        [this](const Principal &principal, const QString &id, const QByteArray &, std::shared_ptr<Reply> reply) {
            m_threads.remove(principal, ThreadId(id), std::move(reply));
        });
}

} // namespace hearth::api
