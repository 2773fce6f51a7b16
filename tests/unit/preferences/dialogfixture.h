// DialogFixture: the settings dialog with a keyring in memory, a desktop in a temporary directory, and a host that
// remembers what it was told to save. Test's thread.

#pragma once

#include "editorfixture.h"
#include "field.h"
#include "memorykeystore.h"
#include "preferencesdialog.h"

#include <QDialogButtonBox>

class QMessageBox;
class QPushButton;

class DialogFixture
{
public:
    /// `more` stands below the line of the key file.
    explicit DialogFixture(const QByteArray &more = {});

    /// Time stands still until the test lets the draft be judged.
    void judge() { m_origin.judge(); }

    /// Lets time pass until it holds, for five seconds at most. For what waits for the network.
    bool waitFor(const std::function<bool()> &condition);

    /// Lets this much time pass at once.
    void advance(hearth::Duration duration) { m_origin.clock.advance(duration); }

    hearth::fields::Field *field(const QString &path) const;
    QPushButton *button(QDialogButtonBox::StandardButton which) const;
    QPushButton *button(const QString &name) const;
    /// The question that is open; null when there is none.
    QMessageBox *question(const QString &name) const;
    void type(const QString &path, const QString &text) const;
    /// What stands in the note with this name.
    QString note(const QString &name) const;
    /// The configuration as it was at the start, with this change.
    hearth::draft::ConfigDraft changedFile(const QString &path, const QString &text) const;

    hearth::testsupport::MemoryKeyStore keys;
    /// What save() answers, and what it was given.
    hearth::Result<void> answer;
    QList<QByteArray> saved;
    /// What each of them was to replace.
    QList<QByteArray> savedOver;
    hearth::status::PublisherSnapshot snapshot;
    int requestsAtRisk = 0;
    int keysStored = 0;

private:
    EditorFixture m_origin;

public:
    hearth::platform::Autostart autostart;
    hearth::preferences::PreferencesDialog dialog;
};
