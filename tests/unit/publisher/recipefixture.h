// RecipeFixture: starts recipes and keeps how they ended, for tests of RecipeRun.

#pragma once

#include "reciperun.h"

#include <QTemporaryDir>

#include <optional>

class RecipeFixture
{
public:
    using Duration = hearth::Duration;

    /// Starts the action; the end of a run that is still there is forgotten.
    void start(const hearth::publisher::RecipeAction &action, Duration timeout = std::chrono::seconds(30));

    /// Starts `script` with /bin/sh; its working place is the variable $d, which `set` puts before it.
    void startScript(const QByteArray &script, Duration timeout = std::chrono::seconds(30));

    bool succeeded() const { return ends == 1 && *result; }

    /// Empty if it did not end with this error.
    QString errorOf(hearth::ErrorCode code) const;

    QString path(const QString &name) const { return m_directory.filePath(name); }

    bool exists(const QString &name) const;
    QByteArray content(const QString &name) const;
    void touch(const QString &name) const;

    /// The number that a script has written into the file `pid`; 0 while it is not there.
    int program() const { return content(QStringLiteral("pid")).trimmed().toInt(); }

private:
    QTemporaryDir m_directory;
    hearth::SystemClock m_systemClock;

public:
    /// Where a test moves the time itself.
    hearth::FakeClock fakeClock;
    bool usesFakeClock = false;
    Duration killGrace = std::chrono::seconds(5);
    hearth::httpclient::HttpClient client{{}, m_systemClock};

    int ends = 0;
    std::optional<hearth::Result<void>> result;
    std::unique_ptr<hearth::publisher::RecipeRun> run;
};
