// Departure: how the program ends, with requests and wakes running or without.
//
// TrayApp owns one. Whoever quits while some run is asked what should become of them. Nothing here blocks: they go on
// meanwhile, and the owner may change his mind until the last one has ended, here or by Resume. Main thread.

#pragma once

#include "publisherhost.h"

#include <QMessageBox>
#include <QPointer>

namespace hearth::tray {

class Departure final : public QObject
{
    Q_OBJECT

public:
    /// `host` must outlive it.
    explicit Departure(host::PublisherHost &host, QObject *parent = nullptr);
    ~Departure() override;

    /// Asks when requests or wakes run, ends the program otherwise. `parent` may be null.
    void ask(QWidget *parent);
    /// Ends the program.
    void now();

    /// What the owner is asked or told now; null while there is nothing. Its buttons are named `finishFirst`, `quitNow`
    /// and `cancel`.
    QMessageBox *box() { return m_box; }

Q_SIGNALS:
    void finished();

private:
    /// What would be cut off: `2 requests, 1 wake`; empty where nothing runs.
    QString running() const;
    void showQuestion(const QString &work, QWidget *parent);
    void finishFirst(QWidget *parent);
    void stayAfterAll();
    void tellProgress();
    void replaceBox(QMessageBox::Icon icon, QWidget *parent);
    void closeBox();
    QPushButton *addButton(const char *name, const QString &text, QMessageBox::ButtonRole role);

    host::PublisherHost &m_host;
    QPointer<QMessageBox> m_box;
    bool m_isFinishing = false;
    /// The host stops; finished() follows.
    bool m_isLeaving = false;
};

} // namespace hearth::tray
