#include "textfield.h"

#include <QPainter>
#include <QPlainTextEdit>

namespace hearth::fields {

namespace {

/// Shows that there is a text, but not which one, as long as the keyboard is elsewhere.
class SecretTextEdit final : public QPlainTextEdit
{
public:
    using QPlainTextEdit::QPlainTextEdit;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        if (hasFocus() || toPlainText().isEmpty())
            return QPlainTextEdit::paintEvent(event);
        QPainter painter(viewport());
        painter.setPen(palette().color(QPalette::Text));
        const int margin = qRound(document()->documentMargin());
        painter.drawText(viewport()->rect().adjusted(margin, margin, -margin, -margin), Qt::AlignTop | Qt::AlignLeft,
                         QString(8, u'●'));
    }

    void focusInEvent(QFocusEvent *event) override
    {
        QPlainTextEdit::focusInEvent(event);
        viewport()->update();
    }

    void focusOutEvent(QFocusEvent *event) override
    {
        QPlainTextEdit::focusOutEvent(event);
        viewport()->update();
    }
};

} // namespace

TextField::TextField(DraftEditor &editor, const Setting &setting, QWidget *parent, int lines)
    : Field(editor, setting, parent)
    , m_text(setting.secret ? new SecretTextEdit(this) : new QPlainTextEdit(this))
{
    setInput(m_text);
    m_text->setTabChangesFocus(true);
    const int frame = 2 * (m_text->frameWidth() + qRound(m_text->document()->documentMargin()));
    m_text->setFixedHeight(lines * fontMetrics().lineSpacing() + frame);
    connect(m_text, &QPlainTextEdit::textChanged, this, &TextField::commit);
}

void TextField::load()
{
    m_text->setPlainText(editor().draft().scalar(path()).value_or(QString()));
}

void TextField::store()
{
    const QString text = m_text->toPlainText();
    write([this, &text](draft::ConfigDraft &draft) {
        return text.isEmpty() ? draft.remove(path()) : draft.setText(path(), text);
    });
}

} // namespace hearth::fields
