#include "httpserver.h"

#include <QCoreApplication>

using namespace hearth;
using namespace hearth::http;

class Handler final : public ExchangeHandler
{
public:
    void requestComplete(Exchange &exchange, QByteArray) override
    {
        exchange.respond({200, {{"Content-Type", "text/plain"}}, "hello"});
    }
};

class Bench final : public Router
{
public:
    HeadDecision routeHead(Exchange &) override { return Accepted{std::make_unique<Handler>()}; }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    SystemClock clock;
    Bench router;
    HttpSettings settings;
    settings.port = 4399;
    HttpServer server(settings, clock, router);
    if (!server.listen())
        return 1;
    return app.exec();
}
