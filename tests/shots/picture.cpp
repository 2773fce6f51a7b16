#include "picture.h"

#include <QAbstractButton>
#include <QLabel>
#include <QSet>
#include <QToolButton>
#include <QWidget>

namespace hearth::shots {

namespace {

/// Letters alone have more, for their edges are smoothed.
constexpr int fewColours = 8;

bool isCut(const QLabel &label)
{
    if (label.wordWrap())
        return label.height() < label.heightForWidth(label.width());
    return label.width() < label.minimumSizeHint().width() || label.height() < label.minimumSizeHint().height();
}

} // namespace

QImage pictureOf(QWidget &widget, int ratio)
{
    QImage image(widget.size() * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(widget.palette().color(QPalette::Window));
    widget.render(&image);
    return image;
}

bool isBlank(const QImage &picture)
{
    QSet<QRgb> colours;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x)
            colours.insert(picture.pixel(x, y));
        if (colours.size() >= fewColours)
            return false;
    }
    return true;
}

QStringList cutTexts(const QWidget &widget)
{
    QStringList found;
    for (const QLabel *label : widget.findChildren<const QLabel *>()) {
        if (label->isVisible() && !label->text().isEmpty() && isCut(*label))
            found.append(label->text());
    }
    for (const QAbstractButton *button : widget.findChildren<const QAbstractButton *>()) {
        if (button->isVisible() && !button->text().isEmpty() && button->width() < button->sizeHint().width())
            found.append(button->text());
    }
    return found;
}

} // namespace hearth::shots
