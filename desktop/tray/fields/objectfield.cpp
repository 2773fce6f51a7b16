#include "objectfield.h"

#include <QFontDatabase>
#include <QJsonDocument>
#include <QPlainTextEdit>

namespace hearth::fields {

ObjectField::ObjectField(DraftEditor &editor, const Setting &setting, QWidget *parent)
    : TextField(editor, setting, parent)
{
    text()->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text()->setPlaceholderText(QStringLiteral("{\"name\": \"value\"}"));
}

void ObjectField::load()
{
    const QJsonObject object = editor().draft().object(path());
    if (object.isEmpty())
        return TextField::load();
    text()->setPlainText(QString::fromUtf8(QJsonDocument(object).toJson()).trimmed());
}

void ObjectField::store()
{
    const QJsonDocument document = QJsonDocument::fromJson(text()->toPlainText().toUtf8());
    if (!document.isObject())
        return TextField::store();
    write([this, &document](draft::ConfigDraft &draft) { return draft.setObject(path(), document.object()); });
}

QString ObjectField::reworded(const QString &judgement) const
{
    const QByteArray json = text()->toPlainText().toUtf8();
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error == QJsonParseError::NoError)
        return document.isObject() ? judgement : tr("This must be a JSON object: {\"name\": value, …}.");
    const auto line = json.first(qBound(0, error.offset, int(json.size()))).count('\n') + 1;
    return tr("This is no JSON: line %1: %2.").arg(line).arg(error.errorString());
}

} // namespace hearth::fields
