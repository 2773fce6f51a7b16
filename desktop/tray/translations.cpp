#include "translations.h"

#include <QLibraryInfo>
#include <QTranslator>

namespace hearth::tray {

void installTranslations(QCoreApplication &application, const QLocale &locale)
{
    const QString separator = QStringLiteral("_");
    const QString catalogues = QStringLiteral(":/translations");
    auto *own = new QTranslator(&application);
    if (!own->load(locale, QStringLiteral("hearth"), separator, catalogues))
        static_cast<void>(own->load(QStringLiteral("hearth_en"), catalogues));
    QCoreApplication::installTranslator(own);

    auto *qt = new QTranslator(&application);
    if (qt->load(locale, QStringLiteral("qtbase"), separator, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
}

} // namespace hearth::tray
