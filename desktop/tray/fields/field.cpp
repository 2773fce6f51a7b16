#include "field.h"

#include "settingwords.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QVBoxLayout>

namespace hearth::fields {

Field::Field(DraftEditor &editor, Setting setting, QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_setting(std::move(setting))
    , m_row(new QHBoxLayout)
    , m_help(new QLabel(settingWords(m_setting.help), this))
    , m_problem(new NoteLine(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(fontMetrics().height() / 6);
    // Otherwise it would have the narrow one of the lines.
    m_row->setSpacing(fontMetrics().height() / 2);
    layout->addLayout(m_row);
    layout->addWidget(m_help);
    layout->addWidget(m_problem);
    layout->addStretch();

    m_help->setWordWrap(true);
    m_help->setTextFormat(Qt::PlainText);
    m_help->setVisible(!m_setting.help.isEmpty());
    m_help->setForegroundRole(QPalette::PlaceholderText);
    setEnabled(false);

    connect(&editor, &DraftEditor::reloaded, this, &Field::reload);
    connect(&editor, &DraftEditor::judged, this, &Field::showProblem);
}

void Field::setPath(const QString &path)
{
    m_path = path;
    setObjectName(path);
    setEnabled(!path.isEmpty());
    reload();
}

void Field::reload()
{
    if (m_path.isEmpty())
        return;
    const QScopedValueRollback guard(m_isLoading, true);
    load();
    m_editor.inputReloaded(m_path);
    showProblem();
}

void Field::commit()
{
    if (m_isLoading || m_path.isEmpty())
        return;
    store();
}

void Field::addBeside(QWidget *widget)
{
    m_row->addWidget(widget);
}

void Field::setInput(QWidget *input)
{
    m_input = input;
    m_input->setToolTip(m_setting.requirement());
    m_input->setAccessibleDescription(settingWords(m_setting.help));
    m_row->insertWidget(0, input, 1);
    setFocusProxy(input);
}

void Field::showProblem()
{
    QStringList texts;
    for (const ConfigProblem &problem : m_editor.problems()) {
        if (covers(problem.key))
            texts.append(problem.what);
    }
    m_problem->show(NoteLine::Kind::Problem, texts.isEmpty() ? QString() : reworded(texts.join(u'\n')));
}

} // namespace hearth::fields
