#include "storedkeyfield.h"

#include "drafteditor.h"
#include "keyreplacement.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace hearth::preferences {

namespace {

QString keyStoreKey()
{
    return QStringLiteral("keyStore");
}

QString keyring()
{
    return QStringLiteral("keyring");
}

} // namespace

StoredKeyField::StoredKeyField(fields::DraftEditor &editor, const Setting &setting, StoredKeyParts parts,
                               QWidget *parent)
    : Field(editor, setting, parent)
    , m_parts(std::move(parts))
    , m_place(new QLabel(this))
{
    auto *area = new QWidget(this);
    auto *button = new QPushButton(tr("&Replace key…"), area);
    button->setObjectName(QStringLiteral("replaceKey"));
    auto *row = new QHBoxLayout(area);
    row->setContentsMargins({});
    row->addWidget(m_place, 1);
    row->addWidget(button);
    m_place->setWordWrap(true);
    m_place->setTextFormat(Qt::PlainText);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setInput(area);
    area->setFocusProxy(button);
    connect(button, &QPushButton::clicked, this, &StoredKeyField::replace);
}

bool StoredKeyField::covers(const QString &key) const
{
    return key == path() || key == keyStoreKey();
}

void StoredKeyField::load()
{
    const draft::ConfigDraft &draft = editor().draft();
    const QString file = draft.scalar(path()).value_or(QString());
    if (draft.scalar(keyStoreKey()) == keyring())
        m_place->setText(tr("The key is in the keyring of the desktop."));
    else if (file.isEmpty())
        m_place->setText(tr("There is no key yet."));
    else
        m_place->setText(tr("The key is in the file %1.").arg(QDir::toNativeSeparators(file)));
}

void StoredKeyField::store()
{
    editor().edit([this](draft::ConfigDraft &draft) { fields::setKeyPlace(draft, m_stored.file); });
}

void StoredKeyField::replace()
{
    const QString file = editor().draft().scalar(path()).value_or(QString());
    auto *dialog = new KeyReplacement(m_parts.keys, m_parts.configFile, file, m_parts.clock, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &KeyReplacement::stored, this, [this](const platform::StoredKey &where) {
        m_stored = where;
        commit();
        // The same file may be in order now, with nothing to change in the configuration.
        editor().judgeNow();
        m_place->setText(where.notice);
        m_parts.keyStored();
    });
    dialog->open();
}

} // namespace hearth::preferences
