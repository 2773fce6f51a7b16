// StoredKeyField: where the API key is kept, in words, and the way to replace it.
//
// It binds two keys, `keyFile` and `keyStore`. The key itself is never read and never shown. Main thread.

#pragma once

#include "field.h"
#include "keystore.h"

#include <functional>

class QLabel;

namespace hearth::preferences {

/// What the field uses; everything outlives it.
struct StoredKeyParts
{
    platform::KeyStore &keys;
    Clock &clock;
    QString configFile;
    /// A new key has been stored.
    std::function<void()> keyStored;
};

class StoredKeyField final : public fields::Field
{
    Q_OBJECT

public:
    /// `setting` is `keyFile`.
    StoredKeyField(fields::DraftEditor &editor, const Setting &setting, StoredKeyParts parts, QWidget *parent);

    bool covers(const QString &key) const override;

protected:
    void load() override;
    void store() override;

private:
    void replace();

    StoredKeyParts m_parts;
    platform::StoredKey m_stored;
    QLabel *m_place;
};

} // namespace hearth::preferences
