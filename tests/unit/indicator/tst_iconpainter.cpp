// The tray icon: states are told apart by shape alone, on light and on dark panels, at all sizes.

#include "iconpainter.h"

#include <QPainter>
#include <QtTest>

#include <cmath>

using namespace hearth;
using namespace hearth::indicator;
using board::IndicatorState;

namespace {

const QColor panels[] = {Qt::white, QColor(0x20, 0x20, 0x20)};

QImage greyOnPanel(IndicatorState state, int frame, int size, const QColor &panel)
{
    QImage image(size, size, QImage::Format_RGB32);
    image.fill(panel);
    QPainter(&image).drawImage(0, 0, paintIcon(state, frame, size));
    return image.convertToFormat(QImage::Format_Grayscale8);
}

/// How much of two pictures differs by more than an eye would pass over, in percent.
double difference(const QImage &left, const QImage &right)
{
    const int visible = 40;
    int count = 0;
    for (int y = 0; y < left.height(); ++y) {
        for (int x = 0; x < left.width(); ++x)
            count += std::abs(qGray(left.pixel(x, y)) - qGray(right.pixel(x, y))) > visible ? 1 : 0;
    }
    return 100.0 * count / (left.width() * left.height());
}

/// WCAG 2.1: relative luminance.
double luminance(const QColor &color)
{
    const auto linear = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &left, const QColor &right)
{
    const auto [dark, light] = std::minmax(luminance(left), luminance(right));
    return (light + 0.05) / (dark + 0.05);
}

} // namespace

class TestIconPainter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void statesDifferWithoutColour()
    {
        for (const QColor &panel : panels) {
            for (const IndicatorState left : board::allIndicatorStates) {
                for (const IndicatorState right : board::allIndicatorStates) {
                    if (left < right)
                        checkDifference(left, right, panel);
                }
            }
        }
    }

    void framesDiffer_data()
    {
        QTest::addColumn<IndicatorState>("state");
        QTest::newRow("connecting") << IndicatorState::Connecting;
        QTest::newRow("waking") << IndicatorState::Waking;
    }

    void framesDiffer()
    {
        QFETCH(const IndicatorState, state);
        const int count = frameCount(state);
        QVERIFY(count > 1);
        for (int frame = 0; frame < count; ++frame) {
            const double changed = difference(greyOnPanel(state, frame, 16, Qt::white),
                                              greyOnPanel(state, (frame + 1) % count, 16, Qt::white));
            QVERIFY2(changed >= 3, qPrintable(QStringLiteral("frame %1: %2 %").arg(frame).arg(changed)));
        }
    }

    void solidColoursStandOutOnBothPanels()
    {
        for (const IndicatorState state : board::allIndicatorStates) {
            const QImage image = paintIcon(state, 0, 64).convertToFormat(QImage::Format_ARGB32);
            int solid = 0;
            for (int i = 0; i < 64 * 64; ++i) {
                const QColor color = image.pixelColor(i % 64, i / 64);
                if (color.alpha() != 255)
                    continue;
                ++solid;
                for (const QColor &panel : panels)
                    QVERIFY2(contrast(color, panel) >= 3,
                             qPrintable(color.name() + QStringLiteral(" on ") + panel.name()));
            }
            // Outlines are thin, but not so thin that only their soft edges are left.
            QVERIFY2(solid > 64 * 64 / 10, qPrintable(board::StatusWords::stateName(state)));
        }
    }

    void fillsEverySize()
    {
        for (const int size : iconSizes) {
            for (const IndicatorState state : board::allIndicatorStates) {
                const QImage image = paintIcon(state, 0, size);
                QCOMPARE(image.size(), QSize(size, size));
                QVERIFY(isPaintedNear(image, 0, size / 4));
                QVERIFY(isPaintedNear(image, size - size / 4, size));
            }
        }
    }

private:
    static void checkDifference(IndicatorState left, IndicatorState right, const QColor &panel)
    {
        for (int i = 0; i < frameCount(left); ++i) {
            for (int j = 0; j < frameCount(right); ++j) {
                const double percent = difference(greyOnPanel(left, i, 16, panel), greyOnPanel(right, j, 16, panel));
                QVERIFY2(percent >= 10, qPrintable(QStringLiteral("%1/%2 and %3/%4 differ by %5 %")
                                                       .arg(board::StatusWords::stateName(left))
                                                       .arg(i)
                                                       .arg(board::StatusWords::stateName(right))
                                                       .arg(j)
                                                       .arg(percent)));
            }
        }
    }

    static bool isPaintedNear(const QImage &image, int from, int to)
    {
        for (int y = from; y < to; ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y).alpha() > 128)
                    return true;
            }
        }
        return false;
    }
};

QTEST_MAIN(TestIconPainter)
#include "tst_iconpainter.moc"
