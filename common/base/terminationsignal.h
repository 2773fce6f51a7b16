// TerminationSignal: SIGTERM and SIGINT as a signal of the event loop.
//
// Made once by main(), after the application. The first one is emitted; the next one ends the process at once, as it
// does without this class.

#pragma once

#include <QObject>

class QSocketNotifier;

namespace hearth {

class TerminationSignal final : public QObject
{
    Q_OBJECT

public:
    explicit TerminationSignal(QObject *parent = nullptr);
    ~TerminationSignal() override;

Q_SIGNALS:
    void received();

private:
    void read();

    QSocketNotifier *m_notifier;
};

} // namespace hearth
