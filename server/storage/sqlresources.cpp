#include "sqlresources.h"

#include <QFile>

// The macro needs the global namespace.
static void initialiseResources()
{
    Q_INIT_RESOURCE(sql);
}

namespace hearth::storage {

using namespace Qt::StringLiterals;

void initialiseSqlResources()
{
    initialiseResources();
}

std::optional<QString> readSql(const QString &folder, Engine engine, const QString &fileName)
{
    const QString own = folder + u'/' + toString(engine) + u'/' + fileName;
    QFile file(QFile::exists(own) ? own : folder + u'/' + fileName);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return QString::fromUtf8(file.readAll());
}

QStringList splitStatements(const QString &sql)
{
    QStringList statements;
    QString statement;
    QChar quote;
    const auto finish = [&] {
        if (const QString trimmed = statement.trimmed(); !trimmed.isEmpty())
            statements.append(trimmed);
        statement.clear();
    };
    for (qsizetype i = 0; i < sql.size(); ++i) {
        const QChar c = sql.at(i);
        if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
        } else if (c == u'\'' || c == u'"') {
            quote = c;
        } else if (c == u'-' && sql.mid(i, 2) == "--"_L1) {
            const qsizetype end = sql.indexOf(u'\n', i);
            i = (end == -1 ? sql.size() : end) - 1;
            continue;
        } else if (c == u';') {
            finish();
            continue;
        }
        statement.append(c);
    }
    finish();
    return statements;
}

} // namespace hearth::storage
