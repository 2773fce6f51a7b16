#include "look.h"

#include "translations.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QTranslator>

namespace hearth::shots {

namespace {

/// As dark desktops have them.
QPalette darkPalette()
{
    const QColor window(0x3c, 0x41, 0x47);
    const QColor base(0x1b, 0x1e, 0x20);
    const QColor text(0xfc, 0xfc, 0xfc);
    QPalette palette(text, QColor(0x31, 0x36, 0x3b), QColor(0x46, 0x4c, 0x52), QColor(0x14, 0x16, 0x18),
                     QColor(0x1f, 0x22, 0x25), text, text, base, window);
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Highlight, QColor(0x3d, 0xae, 0xe9));
    palette.setColor(QPalette::HighlightedText, base);
    palette.setColor(QPalette::Link, QColor(0x1d, 0x99, 0xf3));
    palette.setColor(QPalette::ToolTipBase, window);
    palette.setColor(QPalette::ToolTipText, text);
    const QColor faint(0xa1, 0xa9, 0xb1);
    palette.setColor(QPalette::PlaceholderText, faint);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x6e, 0x75, 0x7c));
    return palette;
}

} // namespace

const std::vector<Look> &allLooks()
{
    static const std::vector<Look> looks{
        {.name = QStringLiteral("light"), .locale = QLocale(QLocale::English)},
        {.name = QStringLiteral("dark"), .locale = QLocale(QLocale::English), .isDark = true},
        {.name = QStringLiteral("german"), .locale = QLocale(QLocale::German)},
        {.name = QStringLiteral("sharp"), .locale = QLocale(QLocale::English), .ratio = 2},
    };
    return looks;
}

void putOn(const Look &look)
{
    qDeleteAll(qApp->findChildren<QTranslator *>());
    QLocale::setDefault(look.locale);
    tray::installTranslations(*qApp, look.locale);
    QApplication::setPalette(look.isDark ? darkPalette() : QApplication::style()->standardPalette());
}

} // namespace hearth::shots
