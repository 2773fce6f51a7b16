#include "serverpage.h"

#include "backendaddress.h"
#include "keyfile.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace hearth::setup {

using fields::NoteLine;

ServerPage::ServerPage(SetupState &state)
    : SetupPage(state, tr("Your server"), tr("Where the models are offered, and the key that lets you do it."))
    , m_server(new QLineEdit(this))
    , m_key(new QLineEdit(this))
    , m_showKey(new QCheckBox(tr("&Show the key"), this))
    , m_keyPlace(new QLabel(this))
    , m_advanced(new QToolButton(this))
    , m_caFile(new QLineEdit(this))
    , m_authority(buildAdvanced())
    , m_result(new NoteLine(this))
    , m_check(state.parts.clock)
    , m_checkTimer(state.parts.clock, [this] { check(); })
    , m_keyringTimer(state.parts.clock, [this] { lookForKey(); })
{
    buildInputs();
    watchInputs();
}

void ServerPage::buildInputs()
{
    m_server->setObjectName(QStringLiteral("server"));
    m_server->setPlaceholderText(QStringLiteral("https://hearth.example.org"));
    m_server->setAccessibleDescription(tr("Checked while you type"));
    m_key->setObjectName(QStringLiteral("key"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setAccessibleDescription(tr("Checked while you type"));
    m_showKey->setObjectName(QStringLiteral("showKey"));
    m_keyPlace->setObjectName(QStringLiteral("keyPlace"));
    m_keyPlace->setWordWrap(true);
    m_keyPlace->setTextFormat(Qt::PlainText);
    m_result->setObjectName(QStringLiteral("result"));
    m_advanced->setObjectName(QStringLiteral("advanced"));
    m_advanced->setText(tr("Ad&vanced"));
    m_advanced->setCheckable(true);
    m_advanced->setAutoRaise(true);
    m_advanced->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_advanced->setArrowType(Qt::RightArrow);

    auto *form = new QFormLayout;
    form->addRow(tr("&Address:"), m_server);
    form->addRow(tr("API &key:"), m_key);
    form->addRow(QString(), m_showKey);
    form->addRow(QString(), m_keyPlace);
    content().addLayout(form);
    content().addWidget(m_result);
    content().addWidget(m_advanced);
    content().addWidget(m_authority);
    content().addStretch();
    setTabOrder(m_server, m_key);
    setTabOrder(m_key, m_showKey);
    setTabOrder(m_showKey, m_advanced);
    setTabOrder(m_advanced, m_caFile);
}

QWidget *ServerPage::buildAdvanced()
{
    auto *box = new QWidget(this);
    m_caFile->setObjectName(QStringLiteral("caFile"));
    m_caFile->setPlaceholderText(tr("Those that this computer trusts"));
    auto *browseButton = new QPushButton(tr("&Choose…"), box);
    browseButton->setAccessibleName(tr("Choose the file of the certificate authority"));
    connect(browseButton, &QPushButton::clicked, this, &ServerPage::browse);
    auto *label = new QLabel(tr("Certificate a&uthority:"), box);
    label->setBuddy(m_caFile);
    auto *row = new QHBoxLayout(box);
    row->addWidget(label);
    row->addWidget(m_caFile, 1);
    row->addWidget(browseButton);
    return box;
}

void ServerPage::watchInputs()
{
    connect(m_server, &QLineEdit::textEdited, this, &ServerPage::typed);
    connect(m_key, &QLineEdit::textEdited, this, &ServerPage::typed);
    connect(m_caFile, &QLineEdit::textChanged, this, &ServerPage::typed);
    connect(m_showKey, &QCheckBox::toggled, this,
            [this](bool shows) { m_key->setEchoMode(shows ? QLineEdit::Normal : QLineEdit::Password); });
    connect(m_advanced, &QToolButton::toggled, this, [this](bool isOpen) {
        m_advanced->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        m_authority->setVisible(isOpen);
    });
    connect(&m_check, &discovery::ServerCheck::finished, this, &ServerPage::checked);
}

void ServerPage::initializePage()
{
    m_server->setText(state().server().toString());
    m_key->setText(QString::fromUtf8(state().key));
    m_caFile->setText(state().caFile());
    m_advanced->setChecked(!m_caFile->text().isEmpty());
    m_authority->setVisible(m_advanced->isChecked());
    m_isEntered = true;
    lookForKey();
    typed();
}

void ServerPage::cleanupPage()
{
    // What was typed comes back with the page.
    validatePage();
}

void ServerPage::leave()
{
    m_check.cancel();
    m_checkTimer.stop();
    m_keyringTimer.stop();
    m_isEntered = false;
}

bool ServerPage::validatePage()
{
    leave();
    const QUrl server = discovery::serverFromText(m_server->text());
    const bool isEncrypted = server.scheme() == QLatin1String("https");
    const QString caFile = isEncrypted ? m_caFile->text().trimmed() : state().caFile();
    if (server.isValid() && !server.isEmpty())
        state().editor.editAndReload([&](draft::ConfigDraft &draft) {
            setServer(draft, server, caFile);
            // Until the key is stored; so that nothing else is judged for the want of it.
            const auto isSet = [&draft](const char *key) { return draft.scalar(QLatin1String(key)).has_value(); };
            if (!isSet("keyFile") && !isSet("keyStore"))
                fields::setKeyPlace(draft, {});
        });
    state().key = m_key->text().trimmed().toUtf8();
    return true;
}

QByteArray ServerPage::usedKey() const
{
    const QByteArray typedKey = m_key->text().trimmed().toUtf8();
    if (!typedKey.isEmpty())
        return typedKey;
    // Whoever owns an address that is typed halfway must not get the key of another server.
    const QUrl saved(state().parts.draft.scalar(QStringLiteral("server")).value_or(QString()));
    return discovery::isSameOrigin(discovery::serverFromText(m_server->text()), saved) ? state().storedKey
                                                                                       : QByteArray();
}

QString ServerPage::missing() const
{
    if (m_server->text().trimmed().isEmpty())
        return tr("Enter the address of your server.");
    if (usedKey().isEmpty())
        return tr("Enter the key that you were given.");
    switch (m_verdict) {
    case Verdict::None:
    case Verdict::Checking:
        return tr("Waiting for the server's answer…");
    case Verdict::Good:
        return {};
    case Verdict::Bad:
        return tr("Correct the address or the key to go on.");
    }
    Q_UNREACHABLE();
}

void ServerPage::typed()
{
    const bool isEncrypted = discovery::serverFromText(m_server->text()).scheme() == QLatin1String("https");
    m_advanced->setVisible(isEncrypted);
    m_authority->setVisible(isEncrypted && m_advanced->isChecked());
    m_check.cancel();
    m_verdict = Verdict::None;
    m_result->clear();
    if (m_server->text().trimmed().isEmpty())
        m_checkTimer.stop();
    else
        m_checkTimer.start(state().parts.times.checkDelay);
    missingChanged();
}

void ServerPage::check()
{
    const QUrl server = discovery::serverFromText(m_server->text());
    const bool isEncrypted = server.scheme() == QLatin1String("https");
    m_verdict = Verdict::Checking;
    m_result->show(NoteLine::Kind::Information, tr("Asking %1…").arg(server.authority()));
    m_check.start(server, usedKey(), isEncrypted ? m_caFile->text().trimmed() : QString());
    missingChanged();
}

void ServerPage::checked(std::optional<ErrorCode> code, const QString &text)
{
    m_verdict = code ? Verdict::Bad : Verdict::Good;
    m_result->show(code ? NoteLine::Kind::Problem : NoteLine::Kind::Success, text);
    missingChanged();
}

void ServerPage::browse()
{
    auto *dialog = new QFileDialog(this, tr("Certificate authority"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, m_caFile, &QLineEdit::setText);
    dialog->open();
}

void ServerPage::lookForKey()
{
    const draft::ConfigDraft &draft = state().editor.draft();
    if (const std::optional<QString> file = draft.scalar(QStringLiteral("keyFile")); file && !file->isEmpty()) {
        const Result<QByteArray> key = publisher::readKeyFile(*file);
        return keyKnown(key ? *key : QByteArray(),
                        key ? tr("Your key is in the file %1. Leave this empty to keep it.").arg(*file)
                            : key.error().message);
    }
    m_keyPlace->setText(tr("Looking for a keyring…"));
    const QPointer<ServerPage> page(this);
    state().parts.keys.read(platform::keyEntry(state().parts.configFile), [page](const Result<QByteArray> &key) {
        if (page)
            page->keyRead(key);
    });
}

void ServerPage::keyRead(const Result<QByteArray> &key)
{
    if (key)
        return keyKnown(*key, tr("Your key is in the keyring of your desktop. Leave this empty to keep it."));
    switch (key.error().code) {
    case ErrorCode::Conflict:
        if (m_isEntered)
            m_keyringTimer.start(state().parts.times.keyringRetry);
        return m_keyPlace->setText(tr("Your keyring is locked. Unlock it: the key will be kept there."));
    case ErrorCode::NotFound:
        return m_keyPlace->setText(
            tr("The key will be kept in the keyring of your desktop or, if that has none yet and "
               "you make none, in a file beside %1, which only you can read.")
                .arg(state().parts.configFile));
    default:
        return m_keyPlace->setText(tr("This desktop has no keyring. The key will be kept in a file beside %1, which "
                                      "only you can read.")
                                       .arg(state().parts.configFile));
    }
}

void ServerPage::keyKnown(const QByteArray &key, const QString &place)
{
    m_keyPlace->setText(place);
    const bool isNews = state().storedKey != key;
    state().storedKey = key;
    if (isNews && m_isEntered && m_key->text().isEmpty())
        typed();
}

} // namespace hearth::setup
