#include "drafteditor.h"

namespace hearth::fields {

DraftEditor::DraftEditor(draft::ConfigDraft draft, QString file, QProcessEnvironment environment, Clock &clock,
                         DraftEditorSettings settings, QObject *parent)
    : QObject(parent)
    , m_draft(std::move(draft))
    , m_saved(m_draft)
    , m_file(std::move(file))
    , m_environment(std::move(environment))
    , m_settings(settings)
    , m_judgeTimer(clock, [this] { judgeNow(); })
{
    judgeNow();
}

QString DraftEditor::problemAt(const QString &path) const
{
    QStringList texts;
    for (const ConfigProblem &problem : m_verdict.problems) {
        if (isAtOrBelow(problem.key, path))
            texts.append(problem.what);
    }
    return texts.join(u'\n');
}

void DraftEditor::edit(const Change &change)
{
    if (apply(change))
        Q_EMIT edited();
}

void DraftEditor::editAndReload(const Change &change)
{
    if (!apply(change))
        return;
    Q_EMIT edited();
    Q_EMIT reloaded();
}

void DraftEditor::setSaved(const draft::ConfigDraft &saved)
{
    m_saved = saved;
    Q_EMIT edited();
}

void DraftEditor::reset()
{
    m_draft = m_saved;
    judgeNow();
    Q_EMIT edited();
    Q_EMIT reloaded();
}

void DraftEditor::judgeNow()
{
    m_judgeTimer.stop();
    m_verdict = draft::checkConfig(m_draft.text(), m_file, m_environment);
    Q_EMIT judged();
}

bool DraftEditor::apply(const Change &change)
{
    const draft::ConfigDraft before = m_draft;
    change(m_draft);
    if (m_draft == before)
        return false;
    m_judgeTimer.start(m_settings.judgeDelay);
    return true;
}

bool isAtOrBelow(const QString &key, const QString &path)
{
    if (!key.startsWith(path))
        return false;
    return key.size() == path.size() || key.at(path.size()) == u'.' || key.at(path.size()) == u'[';
}

void copyValues(draft::ConfigDraft &to, const QString &toPath, const draft::ConfigDraft &from, const QString &fromPath,
                const SettingTable &table)
{
    for (const Setting &setting : table) {
        const QString target = toPath % u'.' % setting.key;
        const QString source = fromPath % u'.' % setting.key;
        switch (setting.type) {
        case SettingType::TextList:
            if (const QStringList list = from.list(source); !list.isEmpty())
                to.setList(target, list);
            break;
        case SettingType::TextMap:
            if (const TextMap map = from.map(source); !map.isEmpty())
                to.setMap(target, map);
            break;
        case SettingType::Object:
            if (const QJsonObject object = from.object(source); !object.isEmpty())
                to.setObject(target, object);
            break;
        case SettingType::Text:
        case SettingType::Path:
        case SettingType::Choice:
        case SettingType::Boolean:
        case SettingType::Integer:
        case SettingType::Seconds:
        case SettingType::Minutes:
        case SettingType::Size:
        case SettingType::Entries:
            if (const std::optional<QString> text = from.scalar(source))
                setScalar(to, target, setting, *text);
            break;
        }
    }
}

void setScalar(draft::ConfigDraft &draft, const QString &path, const Setting &setting, const QString &text)
{
    const std::optional<SettingValue> value = setting.parse(text);
    if (value && std::holds_alternative<bool>(*value))
        draft.setBoolean(path, std::get<bool>(*value));
    else if (value && std::holds_alternative<qint64>(*value))
        draft.setInteger(path, std::get<qint64>(*value));
    else if (value && setting.type == SettingType::Seconds)
        draft.setSeconds(path, std::get<Duration>(*value));
    else if (value && setting.type == SettingType::Minutes)
        draft.setMinutes(path, std::get<Duration>(*value));
    else
        draft.setText(path, text);
}

QStringList entryNames(const draft::ConfigDraft &draft, const QString &list)
{
    QStringList names;
    for (int i = 0; i < draft.entryCount(list); ++i)
        names.append(draft.scalar(QStringLiteral("%1[%2].name").arg(list).arg(i)).value_or(QString()));
    return names;
}

} // namespace hearth::fields
