#include "linefield.h"

#include "settingwords.h"

#include <QEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace hearth::fields {

namespace {

/// Numbers need less room than texts.
constexpr int numberWidthInCharacters = 14;

bool isNumber(const Setting &setting)
{
    return !setting.unit.isEmpty();
}

/// As the file would spell it; nothing where there is none.
QString defaultOf(const Setting &setting)
{
    if (const auto *text = std::get_if<QString>(&setting.fallback))
        return *text;
    return toText(setting.type, setting.fallback);
}

} // namespace

LineField::LineField(DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_line(new QLineEdit(this))
{
    setInput(m_line);
    m_line->setPlaceholderText(defaultOf(setting));
    if (isNumber(setting)) {
        m_line->setFixedWidth(fontMetrics().averageCharWidth() * numberWidthInCharacters);
        auto *unit = new QLabel(settingWords(setting.unit), this);
        unit->setBuddy(m_line);
        addBeside(unit);
    }
    if (setting.type == SettingType::Path) {
        auto *button = new QPushButton(tr("Browse…"), this);
        button->setAccessibleDescription(tr("Chooses a file for this setting"));
        addBeside(button);
        connect(button, &QPushButton::clicked, this, &LineField::browse);
    }
    // A secret is readable only while the keyboard is in it.
    if (setting.secret) {
        m_line->setEchoMode(QLineEdit::Password);
        m_line->installEventFilter(this);
    }
    connect(m_line, &QLineEdit::textChanged, this, &LineField::commit);
}

bool LineField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        m_line->setEchoMode(QLineEdit::Normal);
    else if (event->type() == QEvent::FocusOut)
        m_line->setEchoMode(QLineEdit::Password);
    return Field::eventFilter(watched, event);
}

void LineField::load()
{
    m_line->setText(editor().draft().scalar(path()).value_or(QString()));
    m_line->setCursorPosition(0);
}

void LineField::store()
{
    const QString text = m_line->text().trimmed();
    write([this, &text](draft::ConfigDraft &draft) {
        return text.isEmpty() ? draft.remove(path()) : setScalar(draft, path(), setting(), text);
    });
}

void LineField::browse()
{
    auto *dialog = new QFileDialog(this, tr("Choose a file"), m_line->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_line, &QLineEdit::setText);
    dialog->open();
}

} // namespace hearth::fields
