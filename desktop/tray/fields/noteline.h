// NoteLine: a sentence with an icon that tells by its shape what kind of sentence it is; hidden while there is none.
//
// Fields show their problem in one, dialogs the outcome of what they have tried. Screen readers are told of each new
// text that can be seen. Main thread.

#pragma once

#include <QWidget>

class QLabel;

namespace hearth::fields {

class NoteLine final : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Information, Success, Warning, Problem };

    explicit NoteLine(QWidget *parent = nullptr);

    /// An empty text hides it.
    void show(Kind kind, const QString &text);
    void clear();
    QString text() const;

    Kind kind() const { return m_kind; }

private:
    Kind m_kind = Kind::Information;
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace hearth::fields
