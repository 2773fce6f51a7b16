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
    for (const ConfigProblem &problem : m_problems) {
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

void DraftEditor::write(const QString &path, const Writing &writing)
{
    bool isHeld = false;
    edit([&](draft::ConfigDraft &draft) { isHeld = writing(draft); });
    if (isHeld)
        inputReloaded(path);
    else
        refuse(path, tr("The file cannot hold this: it is too long, too deeply nested, or has a name that is too "
                        "long."));
}

void DraftEditor::refuse(const QString &path, const QString &why)
{
    m_refused.insert(path, why);
    m_judgeTimer.start(m_settings.judgeDelay);
    Q_EMIT edited();
}

void DraftEditor::inputReloaded(const QString &path)
{
    if (m_refused.remove(path) > 0)
        m_judgeTimer.start(m_settings.judgeDelay);
}

void DraftEditor::editAndReload(const Change &change)
{
    if (!apply(change))
        return;
    m_refused.clear();
    Q_EMIT edited();
    Q_EMIT reloaded();
}

void DraftEditor::setSaved(const draft::ConfigDraft &saved)
{
    m_saved = saved;
    if (m_draft == m_saved)
        m_draft = m_saved;
    Q_EMIT edited();
}

void DraftEditor::markSaved()
{
    m_draft.setBase(m_draft.text());
    m_saved = m_draft;
    Q_EMIT edited();
}

void DraftEditor::keepTyped()
{
    m_draft.setBase(m_saved.base());
}

void DraftEditor::reset()
{
    m_draft = m_saved;
    m_refused.clear();
    judgeNow();
    Q_EMIT edited();
    Q_EMIT reloaded();
}

void DraftEditor::judgeNow()
{
    m_judgeTimer.stop();
    m_problems = draft::checkConfig(m_draft.text(), m_file, m_environment).problems;
    for (auto refused = m_refused.cbegin(); refused != m_refused.cend(); ++refused)
        m_problems.append({.place = m_file, .key = refused.key(), .what = refused.value()});
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

bool booleanAt(const draft::ConfigDraft &draft, const QString &path, const Setting &setting)
{
    const std::optional<SettingValue> written = setting.parse(draft.scalar(path).value_or(QString()));
    return std::get<bool>(written.value_or(setting.fallback));
}

void setKeyPlace(draft::ConfigDraft &draft, const QString &keyFile)
{
    const QString file = QStringLiteral("keyFile");
    const QString store = QStringLiteral("keyStore");
    if (keyFile.isEmpty()) {
        draft.setText(store, QStringLiteral("keyring"));
        draft.remove(file);
    } else {
        draft.remove(store);
        draft.setText(file, keyFile);
    }
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

bool setScalar(draft::ConfigDraft &draft, const QString &path, const Setting &setting, const QString &text)
{
    const std::optional<SettingValue> value = setting.parse(text);
    if (value && std::holds_alternative<bool>(*value))
        return draft.setBoolean(path, std::get<bool>(*value));
    if (value && std::holds_alternative<qint64>(*value))
        return draft.setInteger(path, std::get<qint64>(*value));
    if (value && setting.type == SettingType::Seconds)
        return draft.setSeconds(path, std::get<Duration>(*value));
    if (value && setting.type == SettingType::Minutes)
        return draft.setMinutes(path, std::get<Duration>(*value));
    return draft.setText(path, text);
}

QStringList entryNames(const draft::ConfigDraft &draft, const QString &list)
{
    QStringList names;
    for (int i = 0; i < draft.entryCount(list); ++i)
        names.append(draft.scalar(QStringLiteral("%1[%2].name").arg(list).arg(i)).value_or(QString()));
    return names;
}

} // namespace hearth::fields
