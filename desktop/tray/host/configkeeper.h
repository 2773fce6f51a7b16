// ConfigKeeper: the configuration in force, in step with its file.
//
// PublisherHost owns one. The file is judged whenever it is read, saved or edited by hand; what is in force stays in
// force until something else is in order, whatever happens to the file. What is saved replaces the file that it was
// made of and no other: ConfigDraft::base(). Main thread.

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
    /// What is wrong with the file may not be in the file: a key file that it names has come, perhaps. Ignored while
    /// there is no problem().
    void judgeAgain();

    /// Nothing before a configuration was in order.
    const std::optional<draft::ConfigMeaning> &inForce() const { return m_inForce; }

    /// Why what the file says is not in force; empty when all is well, and when there has never been a file.
    const QString &problem() const { return m_problem; }

    /// Why the latest change() is not in the file; empty when it is, and again as soon as anything has been saved or
    /// read and found in order.
    const QString &changeProblem() const { return m_changeProblem; }

    /// The file as it is now, which comes into force where it is in order. Where there is none: the text in force, or
    /// an empty draft before there was any. Errors: Io, and Configuration for one that is no YAML.
    Result<draft::ConfigDraft> draft();
    draft::ConfigVerdict check(const draft::ConfigDraft &draft) const;
    /// Checks, saves and puts in force, in this order. Errors: Configuration (nothing has been saved); Conflict when
    /// the file is not the one any more that the draft came from, and Io, as for ConfigFile::save().
    Result<void> save(const draft::ConfigDraft &draft);
    /// Changes the draft of the file and saves it; a failure becomes the changeProblem().
    void change(const std::function<void(draft::ConfigDraft &)> &edit);

Q_SIGNALS:
    /// Another configuration is in force.
    void accepted();
    /// Somebody else has changed or removed the file, be it in order or not; after what else is emitted for it.
    void edited();
    /// One of the problems is another one.
    void changed();

private:
    Result<QByteArray> read();
    Result<draft::ConfigDraft> draftWithoutFile() const;
    void judge(const QByteArray &text);
    void accept(draft::ConfigMeaning meaning, const QByteArray &text);
    void complain(const QString &problem);
    void setChangeProblem(const QString &problem);

    const QProcessEnvironment m_environment;
    draft::ConfigFile m_file;
    /// What was judged last.
    QByteArray m_judged;
    std::optional<draft::ConfigMeaning> m_inForce;
    /// What it was read from.
    QByteArray m_acceptedText;
    QString m_problem;
    QString m_changeProblem;
};

} // namespace hearth::host
