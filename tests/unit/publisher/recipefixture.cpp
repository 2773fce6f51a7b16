#include "recipefixture.h"

#include <QFile>

using namespace hearth;
using namespace hearth::publisher;

void RecipeFixture::start(const RecipeAction &action, Duration timeout)
{
    run.reset();
    result.reset();
    ends = 0;
    Clock &clock = usesFakeClock ? static_cast<Clock &>(fakeClock) : m_systemClock;
    run = RecipeRun::start(action, timeout, {client, clock, {.killGrace = killGrace}}, [this](const Result<void> &end) {
        ++ends;
        result = end;
    });
    if (ends != 0)
        qFatal("The run has called back from inside start().");
}

void RecipeFixture::startScript(const QByteArray &script, Duration timeout)
{
    start(CommandRecipe{QStringLiteral("/bin/sh"),
                        {QStringLiteral("-c"), QStringLiteral("d=$1; ") + QString::fromUtf8(script),
                         QStringLiteral("sh"), m_directory.path()}},
          timeout);
}

QString RecipeFixture::errorOf(ErrorCode code) const
{
    return ends == 1 && !*result && result->error().code == code ? result->error().message : QString();
}

bool RecipeFixture::exists(const QString &name) const
{
    return QFile::exists(path(name));
}

QByteArray RecipeFixture::content(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void RecipeFixture::touch(const QString &name) const
{
    if (!QFile(path(name)).open(QIODevice::WriteOnly))
        qFatal("Cannot write into a temporary directory.");
}
