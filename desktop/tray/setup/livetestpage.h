// LiveTestPage: one request the whole way, as soon as the model is published, and how others make the same.
//
// The key of this box is tried first. Where it may not send requests, another one can be given, or the test left out:
// Finish is always possible. Main thread.

#pragma once

#include "livetest.h"
#include "setuppage.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace hearth::setup {

class LiveTestPage final : public SetupPage
{
    Q_OBJECT

public:
    explicit LiveTestPage(SetupState &state);

    void initializePage() override;
    void leave() override;

private:
    void buildInputs();
    void layOut();
    void modelChosen();
    void look();
    /// Whether requests to it would be answered; tells why not.
    bool isReady(const status::PublisherSnapshot &snapshot, const status::LlmSnapshot &llm);
    void send();
    void answered(const QString &text, Duration duration);
    void failed(const Error &error);
    void askForKey(bool isWanted);
    void setWaiting(bool isWaiting, const QString &text);

    QComboBox *m_model;
    fields::NoteLine *m_notice;
    QProgressBar *m_progress;
    fields::NoteLine *m_result;
    QPlainTextEdit *m_answer;
    QLabel *m_keyLabel;
    QLineEdit *m_key;
    QPushButton *m_send;
    QPlainTextEdit *m_curl;
    QPushButton *m_copy;
    discovery::LiveTest m_test;
    Timer m_lookTimer;
};

} // namespace hearth::setup
