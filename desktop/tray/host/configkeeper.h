// ConfigKeeper: the configuration in force, in step with its file.
//
// PublisherHost owns one. The file is judged whenever it is read, saved or edited by hand; what is in force stays in
// force until something else is in order, whatever happens to the file. Main thread.

#pragma once

#include "configcheck.h"
#include "configdraft.h"
#include "configfile.h"

namespace hearth::host {

class ConfigKeeper final : public QObject
{
    Q_OBJECT

public:
    ConfigKeeper(const QString &path, Clock &clock, const QProcessEnvironment &environment, QObject *parent = nullptr);

    const QString &path() const { return m_file.path(); }

    const QProcessEnvironment &environment() const { return m_environment; }

    /// Reads the file; accepted() or changed() follows from inside.
    void load();

    /// Nothing before a configuration was in order.
    const std::optional<draft::ConfigMeaning> &inForce() const { return m_inForce; }

    /// Why what the file says is not in force, or why the latest change could not be saved; empty when all is well, and
    /// when there has never been a file.
    const QString &problem() const { return m_problem; }

    /// The file as it is now, which comes into force where it is in order; an empty draft where there is none. Errors:
    /// Io, and Configuration for one that is no YAML.
    Result<draft::ConfigDraft> draft();
    draft::ConfigVerdict check(const draft::ConfigDraft &draft) const;
    /// Checks, saves and puts in force, in this order. Errors: Configuration (nothing has been saved); Conflict and Io
    /// as for ConfigFile::save().
    Result<void> save(const draft::ConfigDraft &draft);
    /// Changes the draft of the file and saves it; a failure becomes the problem().
    void change(const std::function<void(draft::ConfigDraft &)> &edit);

Q_SIGNALS:
    /// Another configuration is in force.
    void accepted();
    /// The problem is another one.
    void changed();

private:
    Result<QByteArray> read();
    void judge(const QByteArray &text);
    void accept(draft::ConfigMeaning meaning);
    void complain(const QString &problem);

    const QProcessEnvironment m_environment;
    draft::ConfigFile m_file;
    /// What was judged last.
    QByteArray m_judged;
    std::optional<draft::ConfigMeaning> m_inForce;
    QString m_problem;
};

} // namespace hearth::host
