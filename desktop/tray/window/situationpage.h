// SituationPage: what stands in the window while there is no publisher to show: why, and what to do about it.
//
// MainWindow owns one and shows it instead of its panels in the situations Unconfigured, Broken and Nowhere. Main
// thread.

#pragma once

#include "publishersnapshot.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace hearth::window {

class SituationPage final : public QWidget
{
    Q_OBJECT

public:
    explicit SituationPage(QWidget *parent = nullptr);

    /// Whether this page is the one to show.
    static bool isNeeded(status::Situation situation);
    /// Only of a situation that needs the page.
    void setSnapshot(const status::PublisherSnapshot &snapshot);

Q_SIGNALS:
    void setupRequested();
    void preferencesRequested();
    void takeOverRequested();

private:
    void act();

    status::Situation m_situation = status::Situation::Unconfigured;
    QLabel *m_title;
    QLabel *m_words;
    QLabel *m_problems;
    QPushButton *m_button;
};

} // namespace hearth::window
