// DraftEditor: one ConfigDraft while it is being edited, and what checkConfig() says about it.
//
// A dialog owns one; its fields read and change the draft through it and hear when it has been judged. What is typed is
// in the draft, right or wrong, so that nothing is lost and there is one judge. Only what no file can hold stays in its
// input, as a problem of its path. Main thread.

#pragma once

#include "clock.h"
#include "configcheck.h"
#include "configdraft.h"
#include "setting.h"

#include <QMap>
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
    /// False where the draft cannot hold it.
    using Writing = std::function<bool(draft::ConfigDraft &)>;

    /// `file` and `environment` are those of checkConfig(); `clock` must outlive the editor. The draft is judged in
    /// here.
    DraftEditor(draft::ConfigDraft draft, QString file, QProcessEnvironment environment, Clock &clock,
                DraftEditorSettings settings = {}, QObject *parent = nullptr);

    const draft::ConfigDraft &draft() const { return m_draft; }

    const QProcessEnvironment &environment() const { return m_environment; }

    /// Whether it differs from what is saved.
    bool isChanged() const { return m_draft != m_saved || !m_refused.isEmpty(); }

    /// Of the latest judgement, and what no file can hold.
    const QList<ConfigProblem> &problems() const { return m_problems; }

    /// Whether a save would change the file: it would also bring one back that has gone.
    bool needsSaving() const { return isChanged() || (m_draft.base().isEmpty() && !m_draft.text().isEmpty()); }

    /// What is wrong at this path or below it, a line for each problem; empty when nothing is.
    QString problemAt(const QString &path) const;

    /// For inputs: what they show is what the draft says then.
    void edit(const Change &change);
    /// The same for the input of one path. What the draft cannot hold is a problem there until something else is
    /// written, or the input shows what the draft says.
    void write(const QString &path, const Writing &writing);
    /// What its input shows cannot be written, for this reason; the same.
    void refuse(const QString &path, const QString &why);
    /// The input of this path shows what the draft says.
    void inputReloaded(const QString &path);
    /// For changes that inputs do not know of: they all read the draft again.
    void editAndReload(const Change &change);

    /// This is what the file says now; what has been typed stays as it is, and cannot be saved before keepTyped() where
    /// it was made of another text.
    void setSaved(const draft::ConfigDraft &saved);
    /// The draft has been saved.
    void markSaved();
    /// Saving what has been typed replaces what is saved, whatever that is.
    void keepTyped();
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
    QList<ConfigProblem> m_problems;
    /// Why, by path.
    QMap<QString, QString> m_refused;
    Timer m_judgeTimer;
};

/// Whether a problem with this key belongs to the input of `path`.
bool isAtOrBelow(const QString &key, const QString &path);

/// Writes what a person has typed for this setting: as its type where the text is one, and as it is where it is none,
/// for checkConfig() to complain about. False where the draft cannot hold it.
bool setScalar(draft::ConfigDraft &draft, const QString &path, const Setting &setting, const QString &text);

/// What the file sets for this setting, a boolean; the default where that is nothing that can be read.
bool booleanAt(const draft::ConfigDraft &draft, const QString &path, const Setting &setting);

/// Says where the publisher's own key is: in this file or, where that is empty, in the keyring.
void setKeyPlace(draft::ConfigDraft &draft, const QString &keyFile);

/// Copies what the file sets below `fromPath`, as far as the table knows it, to below `toPath`.
void copyValues(draft::ConfigDraft &to, const QString &toPath, const draft::ConfigDraft &from, const QString &fromPath,
                const SettingTable &table);

/// The names of the entries of `llms` or `agents`, in their order.
QStringList entryNames(const draft::ConfigDraft &draft, const QString &list);

} // namespace hearth::fields
