#include <QGuiApplication>
#include <QIcon>
#include <QPixmap>
#include <QTest>

class TestIcons final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isFoundWithoutBeingInstalled();
    void isThereWithoutATheme();
    void pictures_data();
    void pictures();
};

void TestIcons::isFoundWithoutBeingInstalled()
{
    // Only what is embedded. The offscreen platform names no theme; a desktop does, and hicolor is behind all of them.
    QIcon::setThemeName(QStringLiteral("hicolor"));
    QIcon::setThemeSearchPaths({QStringLiteral(":/icons")});
    const QIcon icon = QIcon::fromTheme(QStringLiteral("hearth-tray"));
    QVERIFY(!icon.isNull());
    const QList<QSize> sizes = icon.availableSizes();
    for (const int size : {16, 22, 24, 32, 48, 64, 128, 256})
        QVERIFY2(sizes.contains(QSize(size, size)), qPrintable(QString::number(size)));
    QCOMPARE(icon.pixmap(22).size(), QSize(22, 22));
}

void TestIcons::isThereWithoutATheme()
{
    QCOMPARE(QImage(QStringLiteral(":/icons/hearth-tray.png")).size(), QSize(256, 256));
}

void TestIcons::pictures_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {16, 22, 24, 32, 48, 64, 128, 256})
        QTest::addRow("%d px", size) << size;
}

void TestIcons::pictures()
{
    QFETCH(int, size);
    const QImage picture(QStringLiteral(":/icons/hicolor/%1x%1/apps/hearth-tray.png").arg(size));
    QCOMPARE(picture.size(), QSize(size, size));
    QCOMPARE(picture.pixelColor(0, 0).alpha(), 0);
    QVERIFY2(picture.pixelColor(size / 2, size * 3 / 4).alpha() > 250, "Where the flame is brightest there is none.");
}

QTEST_MAIN(TestIcons)

#include "tst_icons.moc"
