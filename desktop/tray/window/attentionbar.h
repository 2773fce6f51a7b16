// AttentionBar: what needs a person, the most urgent thing first and the others on demand.
//
// MainWindow owns one and hands it each snapshot's attentions; hidden while there are none. Main thread.

#pragma once

#include "attention.h"

#include <QWidget>

#include <vector>

class QToolButton;

namespace hearth::window {

class MessageBar;

class AttentionBar final : public QWidget
{
    Q_OBJECT

public:
    explicit AttentionBar(QWidget *parent = nullptr);

    void setAttentions(const std::vector<status::Attention> &attentions);

private:
    void showTexts();

    std::vector<status::Attention> m_attentions;
    MessageBar *m_bar;
    QToolButton *m_others;
};

} // namespace hearth::window
