// ConnectionCheck: the button that tries the server with the key, as both stand in the draft, and the outcome in words.
//
// Main thread.

#pragma once

#include "drafteditor.h"
#include "keystore.h"
#include "noteline.h"
#include "servercheck.h"

class QPushButton;

namespace hearth::preferences {

class ConnectionCheck final : public QWidget
{
    Q_OBJECT

public:
    /// Everything outlives it.
    ConnectionCheck(fields::DraftEditor &editor, platform::KeyStore &keys, QString configFile, Clock &clock,
                    QWidget *parent);

private:
    void press();
    void askServer(const Result<QByteArray> &key);
    void showEnd(fields::NoteLine::Kind kind, const QString &text);

    fields::DraftEditor &m_editor;
    platform::KeyStore &m_keys;
    QString m_configFile;
    discovery::ServerCheck m_check;
    QPushButton *m_button;
    fields::NoteLine *m_note;
};

} // namespace hearth::preferences
