// MessageBar: a line of words across the window that stays until it is taken away, with an icon before it.
//
// MainWindow shows hints, what needs a person, and who else publishes in such bars. What a person might want to send
// on can be selected. An empty text hides it. Main thread.

#pragma once

#include <QFrame>
#include <QStyle>

class QHBoxLayout;
class QLabel;

namespace hearth::window {

class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    explicit MessageBar(QStyle::StandardPixmap icon, QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const;
    /// At the end of the line.
    void addButton(QWidget *button);

private:
    QLabel *m_text;
    QHBoxLayout *m_layout;
};

} // namespace hearth::window
