// Boxes in lists can be seen, also those without a tick, and on a dark ground.

#include "tickdelegate.h"

#include <QApplication>
#include <QListWidget>
#include <QtTest>

using namespace hearth;

namespace {

QPalette paletteOf(const QColor &window, const QColor &text)
{
    QPalette palette(window);
    palette.setColor(QPalette::Base, window);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, Qt::gray);
    return palette;
}

/// The greatest difference of a pixel's grey to the ground.
int contrast(const QImage &image, const QColor &ground)
{
    int greatest = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            greatest = std::max(greatest, std::abs(qGray(image.pixel(x, y)) - qGray(ground.rgb())));
    }
    return greatest;
}

} // namespace

class TestTickDelegate final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void emptyBoxCanBeSeen_data()
    {
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<QColor>("text");
        QTest::newRow("light") << QColor(Qt::white) << QColor(Qt::black);
        QTest::newRow("dark") << QColor(0x1b, 0x1e, 0x20) << QColor(Qt::white);
    }

    void emptyBoxCanBeSeen()
    {
        QFETCH(const QColor, ground);
        QFETCH(const QColor, text);
        QApplication::setStyle(QStringLiteral("Fusion"));
        QListWidget list;
        list.setPalette(paletteOf(ground, text));
        list.setFrameShape(QFrame::NoFrame);
        list.setItemDelegate(new fields::TickDelegate(&list));
        // Without words, so that nothing is to be seen but the box.
        (new QListWidgetItem(&list))->setCheckState(Qt::Unchecked);
        list.show();
        QVERIFY(QTest::qWaitForWindowExposed(&list));
        const int found = contrast(list.viewport()->grab().toImage(), ground);
        const int visible = 50;
        QVERIFY2(found >= visible, qPrintable(QString::number(found)));
    }

    void rowsDoNotTouch()
    {
        QListWidget plain;
        QListWidget ticked;
        ticked.setItemDelegate(new fields::TickDelegate(&ticked));
        for (QListWidget *list : {&plain, &ticked})
            list->addItem(QStringLiteral("model"));
        QVERIFY(ticked.sizeHintForRow(0) > plain.sizeHintForRow(0));
    }
};

QTEST_MAIN(TestTickDelegate)
#include "tst_tickdelegate.moc"
