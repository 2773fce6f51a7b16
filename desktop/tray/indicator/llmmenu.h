// LlmMenu: the part of the tray menu that belongs to one Llm.
//
// TrayMenu owns one for each. Main thread.

#pragma once

#include "publishercontrol.h"
#include "publishersnapshot.h"

#include <QMenu>

namespace hearth::indicator {

class LlmMenu final : public QMenu
{
    Q_OBJECT

public:
    LlmMenu(QString llm, status::PublisherControl &control, QWidget *parent = nullptr);

    /// `llm` is one of `snapshot`.
    void update(const status::LlmSnapshot &llm, const status::PublisherSnapshot &snapshot);

private:
    const QString m_llm;
    QAction *m_state;
    QAction *m_load;
    QAction *m_publish;
    QAction *m_wake;
    QAction *m_cancelWake;
};

} // namespace hearth::indicator
