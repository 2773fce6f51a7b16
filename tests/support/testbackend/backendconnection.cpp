#include "backendconnection.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>

namespace hearth::testbackend {

BackendConnection::BackendConnection(QTcpSocket *socket, const BackendContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_socket(socket)
    , m_reader(context.settings.limits)
    , m_sender(*socket, context.clock, context.settings, nullptr)
    , m_idle(context.clock, [this] { m_socket->abort(); })
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket, &QTcpSocket::readyRead, this, &BackendConnection::readyRead);
    connect(m_socket, &QTcpSocket::disconnected, this, &BackendConnection::clientGone);
    connect(&m_sender, &AnswerSender::ended, this, &BackendConnection::answerEnded);
    connect(&m_sender, &AnswerSender::progressed, this, [this](qint64 events) {
        if (m_record)
            m_record->eventsSent = events;
    });
    m_idle.start(m_context.settings.limits.idle);
}

BackendConnection::~BackendConnection()
{
    m_socket->disconnect(this);
    finishRecord(Outcome::Aborted);
}

void BackendConnection::abort()
{
    m_socket->abort();
}

void BackendConnection::readyRead()
{
    m_reader.append(m_socket->readAll());
    if (m_sender.isActive() && m_reader.unread() > m_context.settings.limits.readAhead)
        m_socket->abort();
    else
        serve();
}

void BackendConnection::serve()
{
    while (!m_sender.isActive() && !m_closing) {
        m_idle.start(m_context.settings.limits.idle);
        switch (m_reader.next()) {
        case RequestReader::Step::NeedsBytes:
            return;
        case RequestReader::Step::HeadRead:
            requestBegun();
            break;
        case RequestReader::Step::BodyRead:
            m_idle.stop();
            answer();
            break;
        case RequestReader::Step::Malformed:
            refuse(400);
            break;
        case RequestReader::Step::HeadTooLarge:
            refuse(431);
            break;
        case RequestReader::Step::BodyTooLarge:
            refuse(413);
            break;
        }
    }
}

void BackendConnection::requestBegun()
{
    const ReceivedRequest &request = m_reader.request();
    if (!BackendRoutes::isReport(request))
        m_record = m_context.log.begin(request);
    if (request.fields.value("expect").toLower() == "100-continue")
        m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
}

void BackendConnection::answer()
{
    const ReceivedRequest &request = m_reader.request();
    const QJsonObject body = QJsonDocument::fromJson(request.body).object();
    if (m_record)
        m_context.log.bodyRead(*m_record, request, body[QLatin1String("model")].toString().toUtf8());
    m_sender.start(m_context.routes.plan(request, body), request);
}

void BackendConnection::answerEnded(Outcome outcome)
{
    finishRecord(outcome);
    if (outcome == Outcome::Complete && m_reader.request().keepsAlive()) {
        // Not from here: the answer may have ended while serve() was still starting it.
        m_idle.start(m_context.settings.limits.idle);
        if (m_reader.unread() > 0)
            QMetaObject::invokeMethod(this, &BackendConnection::serve, Qt::QueuedConnection);
        return;
    }
    m_closing = true;
    m_socket->disconnectFromHost();
}

void BackendConnection::refuse(int status)
{
    m_closing = true;
    finishRecord(Outcome::Failed);
    m_socket->write("HTTP/1.1 " + QByteArray::number(status) +
                    " Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    m_socket->disconnectFromHost();
}

void BackendConnection::finishRecord(Outcome outcome)
{
    if (m_record)
        m_context.log.finish(*std::exchange(m_record, nullptr), outcome);
}

void BackendConnection::clientGone()
{
    m_closing = true;
    m_sender.stop();
    m_idle.stop();
    finishRecord(Outcome::Aborted);
    deleteLater();
}

} // namespace hearth::testbackend
