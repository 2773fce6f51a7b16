// SetupSaver: makes the wizard's choices real: stores keys, saves the draft, sets the autostart.
//
// The draft comes last of what can fail, so that whoever reads the file finds the keys that it names. Main thread.

#pragma once

#include "setupstate.h"

#include <QObject>

namespace hearth::setup {

class SetupSaver final : public QObject
{
    Q_OBJECT

public:
    /// `state` must outlive the saver.
    explicit SetupSaver(SetupState &state, QObject *parent = nullptr);

    /// Ignored while a save is under way. finished() follows, perhaps at once, or late: a keyring may have to be
    /// unlocked first.
    void start();
    /// finished() is not emitted, and nothing more is saved; but a keyring that is being asked may still take the key.
    void cancel();

Q_SIGNALS:
    /// `notice` is for a person, also after a success; it may be empty. After an error nothing has been published.
    void finished(const hearth::Result<void> &result, const QString &notice);

private:
    void storeKey();
    void keyStored(const Result<platform::StoredKey> &stored);
    Result<void> storeBackendKeys();
    void save();
    void addNotice(const QString &text);
    void conclude(const Result<void> &result);

    SetupState &m_state;
    QString m_notice;
    bool m_isBusy = false;
    /// Counts the saves: the answer of a keyring may belong to one that was cancelled.
    int m_attempt = 0;
    bool m_isNewKey = false;
};

} // namespace hearth::setup
