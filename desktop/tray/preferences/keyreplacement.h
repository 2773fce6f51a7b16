// KeyReplacement: takes a new API key from its owner and puts it where keys are kept.
//
// StoredKeyField shows one. While a key is being stored, no other one can be typed. A keyring that is locked is asked
// again until it is unlocked, the owner types another key or gives up. The key is shown only while somebody wants to
// see what he types. Main thread.

#pragma once

#include "clock.h"
#include "keystore.h"
#include "noteline.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace hearth::preferences {

struct KeyReplacementSettings
{
    /// Until a locked keyring is asked again.
    Duration lockedRetry = std::chrono::seconds(3);
};

class KeyReplacement final : public QDialog
{
    Q_OBJECT

public:
    /// `keyFile` is what the configuration names now; it may be empty. `keys` and `clock` must outlive it.
    KeyReplacement(platform::KeyStore &keys, QString configFile, QString keyFile, Clock &clock, QWidget *parent,
                   KeyReplacementSettings settings = {});

Q_SIGNALS:
    void stored(const hearth::platform::StoredKey &where);

private:
    void store();
    void ended(const Result<platform::StoredKey> &result);

    platform::KeyStore &m_keys;
    QString m_configFile;
    QString m_keyFile;
    KeyReplacementSettings m_settings;
    Timer m_retry;
    QLineEdit *m_key;
    QPushButton *m_store;
    fields::NoteLine *m_note;
};

} // namespace hearth::preferences
