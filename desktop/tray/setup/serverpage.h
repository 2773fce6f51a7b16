// ServerPage: address and key, checked while they are being typed.
//
// Where a key is stored already it may stay; a keyring that is locked is asked again until it is not. Main thread.

#pragma once

#include "servercheck.h"
#include "setuppage.h"

class QCheckBox;
class QLineEdit;
class QToolButton;

namespace hearth::setup {

class ServerPage final : public SetupPage
{
    Q_OBJECT

public:
    explicit ServerPage(SetupState &state);

    void initializePage() override;
    void cleanupPage() override;
    bool validatePage() override;
    void leave() override;

protected:
    QString missing() const override;

private:
    enum class Verdict { None, Checking, Good, Bad };

    void buildInputs();
    QWidget *buildAdvanced();
    void watchInputs();
    void browse();
    void typed();
    void check();
    /// The key that was typed, or the stored one where the server is the one that has it already; may be empty.
    QByteArray usedKey() const;
    void checked(std::optional<ErrorCode> code, const QString &text);
    void lookForKey();
    void keyRead(const Result<QByteArray> &key);
    void keyKnown(const QByteArray &key, const QString &place);

    QLineEdit *m_server;
    QLineEdit *m_key;
    QCheckBox *m_showKey;
    QLabel *m_keyPlace;
    QToolButton *m_advanced;
    QLineEdit *m_caFile;
    QWidget *m_authority;
    fields::NoteLine *m_result;
    Verdict m_verdict = Verdict::None;
    /// From entering the page until it is left, to whichever side.
    bool m_isEntered = false;
    discovery::ServerCheck m_check;
    Timer m_checkTimer;
    Timer m_keyringTimer;
};

} // namespace hearth::setup
