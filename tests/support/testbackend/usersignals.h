// UserSignals: SIGUSR1 and SIGUSR2 as signals of the event loop.
//
// Made once by main(), before there is any other thread. It blocks both for the process, so that they never end it.

#pragma once

#include <QObject>

namespace hearth::testbackend {

class UserSignals final : public QObject
{
    Q_OBJECT

public:
    explicit UserSignals(QObject *parent = nullptr);
    ~UserSignals() override;

Q_SIGNALS:
    void first();
    void second();

private:
    void read();

    int m_descriptor;
};

} // namespace hearth::testbackend
