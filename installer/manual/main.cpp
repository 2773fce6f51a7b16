// hearth-manual: writes manual pages, completions and configuration files about the programs that are being built.
//
// A tool of the build, which is never installed. Needs no display. Exit codes: 0 ok, 1 failure, 2 usage.

#include "products.h"

#include <CLI/CLI.hpp>

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QSaveFile>
#include <QTextStream>

namespace {

using namespace hearth;
using namespace hearth::manual;

enum ExitCode { Success = 0, Failure = 1, BadUsage = 2 };

/// What is asked for, as it was typed.
struct Request
{
    std::string page;
    std::string shell;
    std::string program;
    std::string file;
    std::string output;
};

/// By the convention of reproducible builds: https://reproducible-builds.org/specs/source-date-epoch/
QString sourceDate()
{
    bool isGiven = false;
    const qint64 seconds = qEnvironmentVariable("SOURCE_DATE_EPOCH").toLongLong(&isGiven);
    return isGiven ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).date().toString(Qt::ISODate) : QString();
}

std::vector<std::string> choices(const QStringList &names)
{
    std::vector<std::string> all;
    for (const QString &name : names)
        all.push_back(name.toStdString());
    return all;
}

void declare(CLI::App &app, Request &request, const Products &products)
{
    const auto add = [](CLI::App *command, const char *name, std::string &value, const QStringList &names) {
        command->add_option(name, value)->required()->check(CLI::IsMember(choices(names)));
    };
    app.require_subcommand(1);
    app.add_option("--output", request.output, "Where to write; touched only if it changes. Default: standard output.")
        ->type_name("FILE");
    CLI::App *const man = app.add_subcommand("man", "A manual page, as man(7).");
    add(man, "page", request.page, products.pages());
    CLI::App *const completion = app.add_subcommand("completion", "The completion of a program for a shell.");
    add(completion, "shell", request.shell, Products::shells());
    add(completion, "program", request.program, products.programs());
    CLI::App *const config = app.add_subcommand("config", "A configuration file to be edited.");
    add(config, "file", request.file, products.files());
    for (CLI::App *const command : {man, completion, config})
        command->fallthrough();
}

Result<QByteArray> make(const Request &request, const Products &products)
{
    if (!request.page.empty())
        return products.page(QString::fromStdString(request.page));
    if (!request.file.empty())
        return products.sample(QString::fromStdString(request.file));
    return products.completion(QString::fromStdString(request.shell), QString::fromStdString(request.program));
}

Result<void> write(const QByteArray &product, const QString &path)
{
    QFile existing(path);
    if (existing.open(QIODevice::ReadOnly) && existing.readAll() == product)
        return {};
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(product) == product.size() && file.commit())
        return {};
    return Error{ErrorCode::Io, QStringLiteral("%1 cannot be written: %2").arg(path, file.errorString())};
}

ExitCode report(const Error &error)
{
    QTextStream(stderr) << "hearth-manual: " << error.message << Qt::endl;
    return Failure;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Products products(sourceDate());
    Request request;
    CLI::App app("Writes manual pages, completions and configuration files of Hearth.", "hearth-manual");
    declare(app, request, products);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? Success : BadUsage;
    }

    const Result<QByteArray> product = make(request, products);
    if (!product)
        return report(product.error());
    if (request.output.empty()) {
        QTextStream(stdout) << *product;
        return Success;
    }
    const Result<void> written = write(*product, QString::fromStdString(request.output));
    return written ? Success : report(written.error());
}
