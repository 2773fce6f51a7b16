#include "livetestpage.h"

#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::setup {

namespace {

using fields::NoteLine;

/// Text to be read and copied, at least `lines` of it visible.
QPlainTextEdit *makeText(QWidget *parent, int lines)
{
    auto *const text = new QPlainTextEdit(parent);
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setMinimumHeight(lines * text->fontMetrics().lineSpacing() + 2 * text->fontMetrics().height());
    return text;
}

} // namespace

LiveTestPage::LiveTestPage(SetupState &state)
    : SetupPage(state, tr("Does it work?"), tr("One short request, through the server and back."))
    , m_model(new QComboBox(this))
    , m_notice(new NoteLine(this))
    , m_progress(new QProgressBar(this))
    , m_result(new NoteLine(this))
    , m_answer(makeText(this, 3))
    , m_keyLabel(new QLabel(tr("Another &key:"), this))
    , m_key(new QLineEdit(this))
    , m_send(new QPushButton(tr("Send &request"), this))
    , m_curl(makeText(this, 5))
    , m_copy(new QPushButton(tr("C&opy"), this))
    , m_test(state.parts.clock)
    , m_lookTimer(state.parts.clock, [this] { look(); })
{
    setFinalPage(true);
    buildInputs();
    layOut();
    connect(m_model, &QComboBox::activated, this, &LiveTestPage::modelChosen);
    connect(m_send, &QPushButton::clicked, this, &LiveTestPage::send);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_curl->toPlainText()); });
    connect(&m_test, &discovery::LiveTest::answered, this, &LiveTestPage::answered);
    connect(&m_test, &discovery::LiveTest::failed, this, &LiveTestPage::failed);
}

void LiveTestPage::buildInputs()
{
    m_model->setObjectName(QStringLiteral("model"));
    m_notice->setObjectName(QStringLiteral("notice"));
    m_result->setObjectName(QStringLiteral("result"));
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("The test is running"));
    m_answer->setObjectName(QStringLiteral("answer"));
    m_answer->setAccessibleName(tr("Answer of the model"));
    m_keyLabel->setBuddy(m_key);
    m_key->setObjectName(QStringLiteral("inferKey"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("Used for this test only, and not stored"));
    m_send->setObjectName(QStringLiteral("send"));
    m_curl->setObjectName(QStringLiteral("curl"));
    m_curl->setAccessibleName(tr("The same request for a terminal"));
    m_curl->setFixedHeight(m_curl->minimumHeight());
    m_curl->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy->setObjectName(QStringLiteral("copy"));
    m_copy->setAccessibleDescription(tr("Copies the request for a terminal"));
}

void LiveTestPage::layOut()
{
    auto *modelRow = new QFormLayout;
    modelRow->addRow(tr("&Model:"), m_model);
    auto *keyRow = new QHBoxLayout;
    keyRow->addWidget(m_keyLabel);
    keyRow->addWidget(m_key, 1);
    keyRow->addWidget(m_send);
    auto *curlRow = new QHBoxLayout;
    auto *curlLabel = new QLabel(tr("The same from a &terminal:"), this);
    curlLabel->setBuddy(m_curl);
    curlRow->addWidget(curlLabel, 1);
    curlRow->addWidget(m_copy);
    content().addWidget(m_notice);
    content().addLayout(modelRow);
    content().addWidget(m_progress);
    content().addWidget(m_result);
    content().addWidget(m_answer, 1);
    content().addLayout(keyRow);
    content().addStretch();
    content().addLayout(curlRow);
    content().addWidget(m_curl);
}

void LiveTestPage::initializePage()
{
    m_notice->show(NoteLine::Kind::Information, state().notice);
    m_model->clear();
    for (const ModelChoice &model : state().published())
        m_model->addItem(model.name);
    modelChosen();
    missingChanged();
}

void LiveTestPage::leave()
{
    m_lookTimer.stop();
    m_test.cancel();
}

void LiveTestPage::modelChosen()
{
    leave();
    m_answer->hide();
    m_curl->setPlainText(discovery::LiveTest::curlLine(state().server(), m_model->currentText(), state().caFile()));
    askForKey(state().usedKey().isEmpty());
    setWaiting(true, tr("Waiting until the server offers the model…"));
    look();
}

void LiveTestPage::look()
{
    const status::PublisherSnapshot snapshot = state().parts.snapshot();
    const auto llm = std::ranges::find(snapshot.llms, m_model->currentText(), &status::LlmSnapshot::name);
    if (llm == snapshot.llms.end() || !isReady(snapshot, *llm))
        return m_lookTimer.start(state().parts.times.lookInterval);
    if (state().usedKey().isEmpty() && m_key->text().isEmpty())
        return setWaiting(false, tr("The model is shared. Enter a key to send a request with it, or finish."));
    send();
}

bool LiveTestPage::isReady(const status::PublisherSnapshot &snapshot, const status::LlmSnapshot &llm)
{
    using channel::ReportedState;
    if (snapshot.state != publisher::ConnectionState::Online) {
        setWaiting(true,
                   snapshot.problem.isEmpty() ? tr("Waiting until the server offers the model…") : snapshot.problem);
        return false;
    }
    if (!llm.outcome)
        return false;
    if (llm.outcome->status != channel::EntryStatus::Accepted) {
        setWaiting(true, tr("The server does not offer the model: %1").arg(llm.outcome->message));
        return false;
    }
    switch (llm.state) {
    case ReportedState::Active:
    case ReportedState::Hibernating:
        return true;
    case ReportedState::Inactive:
        setWaiting(true, tr("The model is shared, but its backend does not answer. Start it."));
        return false;
    case ReportedState::Paused:
    case ReportedState::Draining:
        setWaiting(true, tr("The model is shared, but paused now."));
        return false;
    }
    Q_UNREACHABLE();
}

void LiveTestPage::send()
{
    m_lookTimer.stop();
    const status::PublisherSnapshot snapshot = state().parts.snapshot();
    const auto llm = std::ranges::find(snapshot.llms, m_model->currentText(), &status::LlmSnapshot::name);
    const bool sleeps = llm != snapshot.llms.end() && llm->state == channel::ReportedState::Hibernating;
    setWaiting(true, sleeps ? tr("Sent. The backend sleeps and is being woken; that may take a minute or two…")
                            : tr("Sent. Waiting for the answer…"));
    m_answer->hide();
    const QByteArray typed = m_key->text().trimmed().toUtf8();
    m_test.start(state().server(), typed.isEmpty() ? state().usedKey() : typed, m_model->currentText(),
                 state().caFile());
}

void LiveTestPage::answered(const QString &text, Duration duration)
{
    setWaiting(false, {});
    const double seconds = std::chrono::duration<double>(duration).count();
    m_result->show(NoteLine::Kind::Success,
                   tr("It works: an answer after %1 s.").arg(QLocale().toString(seconds, 'f', 1)));
    m_answer->setPlainText(text.isEmpty() ? tr("(The model has answered without a word.)") : text);
    m_answer->show();
}

void LiveTestPage::failed(const Error &error)
{
    setWaiting(false, {});
    const bool isAboutKey = error.code == ErrorCode::ScopeMissing || error.code == ErrorCode::InvalidApiKey;
    if (isAboutKey && m_key->text().trimmed().isEmpty()) {
        askForKey(true);
        return m_result->show(NoteLine::Kind::Information,
                              tr("The model is shared. The key of this computer may publish but not send requests, and "
                                 "need not. To see an answer, enter a key with the scope \"infer\"; or finish."));
    }
    m_send->show();
    m_result->show(NoteLine::Kind::Problem, error.message);
}

void LiveTestPage::askForKey(bool isWanted)
{
    m_keyLabel->setVisible(isWanted);
    m_key->setVisible(isWanted);
    m_send->setVisible(isWanted);
}

void LiveTestPage::setWaiting(bool isWaiting, const QString &text)
{
    m_progress->setVisible(isWaiting);
    m_result->show(NoteLine::Kind::Information, text);
}

} // namespace hearth::setup
