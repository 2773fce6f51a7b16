// DraftEditor: one ConfigDraft while it is being edited, and what checkConfig() says about it.
//
// A dialog owns one; its fields read and change the draft through it and hear when it has been judged. What is typed is
// always in the draft, right or wrong, so that nothing is lost and there is one judge. Main thread.

#pragma once

#include "clock.h"
#include "configcheck.h"
#include "configdraft.h"
#include "setting.h"

#include <QObject>

#include <functional>

namespace hearth::fields {

struct DraftEditorSettings
{
    /// How long nothing must have been typed before the draft is judged.
    Duration judgeDelay = std::chrono::milliseconds(150);
};

class DraftEditor final : public QObject
{
    Q_OBJECT

public:
    using Change = std::function<void(draft::ConfigDraft &)>;

    /// `file` and `environment` are those of checkConfig(); `clock` must outlive the editor. The draft is judged in
    /// here.
    DraftEditor(draft::ConfigDraft draft, QString file, QProcessEnvironment environment, Clock &clock,
                DraftEditorSettings settings = {}, QObject *parent = nullptr);

    const draft::ConfigDraft &draft() const { return m_draft; }

    const QProcessEnvironment &environment() const { return m_environment; }

    /// Whether it differs from what is saved.
    bool isChanged() const { return m_draft != m_saved; }

    /// Of the latest judgement.
    const QList<ConfigProblem> &problems() const { return m_verdict.problems; }

    /// What is wrong at this path or below it, a line for each problem; empty when nothing is.
    QString problemAt(const QString &path) const;

    /// For inputs: what they show is what the draft says then.
    void edit(const Change &change);
    /// For changes that inputs do not know of: they all read the draft again.
    void editAndReload(const Change &change);

    /// This is what the file says now; what has been typed stays as it is.
    void setSaved(const draft::ConfigDraft &saved);
    /// Drops what has been typed and goes on from what is saved.
    void reset();
    /// Judges without waiting; for whoever is about to save.
    void judgeNow();

Q_SIGNALS:
    void edited();
    /// The draft is another one as far as inputs can tell.
    void reloaded();
    void judged();

private:
    bool apply(const Change &change);

    draft::ConfigDraft m_draft;
    draft::ConfigDraft m_saved;
    QString m_file;
    QProcessEnvironment m_environment;
    DraftEditorSettings m_settings;
    draft::ConfigVerdict m_verdict;
    Timer m_judgeTimer;
};

/// Whether a problem with this key belongs to the input of `path`.
bool isAtOrBelow(const QString &key, const QString &path);

/// Writes what a person has typed for this setting: as its type where the text is one, and as it is where it is none,
/// for checkConfig() to complain about.
void setScalar(draft::ConfigDraft &draft, const QString &path, const Setting &setting, const QString &text);

/// Copies what the file sets below `fromPath`, as far as the table knows it, to below `toPath`.
void copyValues(draft::ConfigDraft &to, const QString &toPath, const draft::ConfigDraft &from, const QString &fromPath,
                const SettingTable &table);

/// The names of the entries of `llms` or `agents`, in their order.
QStringList entryNames(const draft::ConfigDraft &draft, const QString &list);

} // namespace hearth::fields
