#include "usersignals.h"

#include <QSocketNotifier>

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace hearth::testbackend {

UserSignals::UserSignals(QObject *parent)
    : QObject(parent)
{
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &both, nullptr);
    m_descriptor = ::signalfd(-1, &both, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m_descriptor < 0)
        qFatal("cannot make a descriptor for signals");
    auto *const notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &UserSignals::read);
}

UserSignals::~UserSignals()
{
    ::close(m_descriptor);
}

void UserSignals::read()
{
    signalfd_siginfo info;
    while (::read(m_descriptor, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGUSR1)
            Q_EMIT first();
        else
            Q_EMIT second();
    }
}

} // namespace hearth::testbackend
