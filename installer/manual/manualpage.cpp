#include "manualpage.h"

#include "roff.h"

namespace hearth::manual {

namespace {

QString titleOf(const PageHead &head)
{
    const QString name = head.name.section(u'.', 0, -2);
    const QString section = head.name.section(u'.', -1);
    const QString manual = section == QLatin1String("5")   ? QStringLiteral("File Formats")
                           : section == QLatin1String("8") ? QStringLiteral("System Administration")
                                                           : QStringLiteral("User Commands");
    // Neither broken nor stretched: what is copied from a page, a path for example, has to be whole. The register keeps
    // groff's macros for examples and synopses from switching hyphenation on again.
    return u".TH \"" % roffText(name.toUpper()) % u"\" \"" % section % u"\" \"" % head.date % u"\" \"Hearth " %
           roffText(head.version) % u"\" \"" % manual % u"\"\n.nh\n.nr HY 0\n.ad l\n";
}

bool isPlace(const QString &line)
{
    return line.size() > 2 && line.startsWith(u'@') && line.endsWith(u'@');
}

} // namespace

Result<QByteArray> writePage(const PageHead &head, const QString &text, const QMap<QString, QString> &parts)
{
    const auto failure = [&head](const QString &what) {
        return Error{ErrorCode::Internal, QStringLiteral("The text of %1 %2.").arg(head.name, what)};
    };
    QString page = titleOf(head);
    QStringList missing = parts.keys();
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts)) {
        if (!isPlace(line)) {
            page += line + u'\n';
            continue;
        }
        const QString name = line.sliced(1, line.size() - 2);
        if (!parts.contains(name))
            return failure(QStringLiteral("has a place for %1, which is unknown").arg(line));
        page += parts.value(name);
        missing.removeAll(name);
    }
    if (!missing.isEmpty())
        return failure(QStringLiteral("has no place for %1").arg(missing.join(QLatin1String(", "))));
    return page.toUtf8();
}

} // namespace hearth::manual
