#include "keyreplacement.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::preferences {

using fields::NoteLine;

KeyReplacement::KeyReplacement(platform::KeyStore &keys, QString configFile, QString keyFile, Clock &clock,
                               QWidget *parent, KeyReplacementSettings settings)
    : QDialog(parent)
    , m_keys(keys)
    , m_configFile(std::move(configFile))
    , m_keyFile(std::move(keyFile))
    , m_settings(settings)
    , m_retry(clock, [this] { store(); })
    , m_key(new QLineEdit(this))
    , m_note(new NoteLine(this))
{
    setWindowTitle(tr("Replace the key"));
    auto *words = new QLabel(tr("An API key of the Hearth server with the scope publish. Whoever runs the server makes "
                                "one with: hearthd key create --name NAME --scope publish"),
                             this);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_key->setObjectName(QStringLiteral("newKey"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(QStringLiteral("hk_…"));
    m_key->setAccessibleName(tr("New key"));
    auto *showKey = new QCheckBox(tr("S&how what I type"), this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_store = buttons->addButton(tr("&Store key"), QDialogButtonBox::AcceptRole);
    m_store->setObjectName(QStringLiteral("storeKey"));
    m_store->setEnabled(false);

    auto *layout = new QVBoxLayout(this);
    auto *form = new QFormLayout;
    layout->addWidget(words);
    layout->addLayout(form);
    form->addRow(tr("&New key"), m_key);
    form->addRow(QString(), showKey);
    layout->addWidget(m_note);
    layout->addWidget(buttons);

    resize(fontMetrics().averageCharWidth() * 64, sizeHint().height());

    connect(m_key, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_retry.stop();
        m_store->setEnabled(!text.trimmed().isEmpty());
    });
    connect(showKey, &QCheckBox::toggled, this,
            [this](bool shown) { m_key->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password); });
    connect(buttons, &QDialogButtonBox::accepted, this, &KeyReplacement::store);
    connect(buttons, &QDialogButtonBox::rejected, this, &KeyReplacement::reject);
    connect(this, &QDialog::finished, this, [this] { m_retry.stop(); });
}

void KeyReplacement::store()
{
    m_store->setEnabled(false);
    m_key->setReadOnly(true);
    m_note->show(NoteLine::Kind::Information, tr("Storing the key. The keyring may ask you to unlock it…"));
    platform::storeKey(m_keys, m_configFile, m_keyFile, m_key->text().trimmed().toUtf8(),
                       [self = QPointer(this)](const Result<platform::StoredKey> &result) {
                           if (self)
                               self->ended(result);
                       });
}

void KeyReplacement::ended(const Result<platform::StoredKey> &result)
{
    m_key->setReadOnly(false);
    if (result) {
        // It must not stay in memory longer than the dialog needs it.
        m_key->clear();
        Q_EMIT stored(*result);
        return accept();
    }
    if (result.error().code == ErrorCode::Conflict) {
        m_note->show(NoteLine::Kind::Warning, tr("The keyring is locked. Unlock it: the key is stored as soon as that "
                                                 "is done."));
        if (isVisible())
            m_retry.start(m_settings.lockedRetry);
        return;
    }
    m_store->setEnabled(true);
    m_note->show(NoteLine::Kind::Problem, result.error().message);
}

} // namespace hearth::preferences
