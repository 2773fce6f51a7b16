#include "childprocess.h"

#include "childreaper.h"

#include <QFile>

#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <dirent.h>
#include <fcntl.h>
#include <system_error>
#include <vector>

namespace hearth::publisher {

namespace {

/// What posix_spawn() wants to know beside the program, its arguments and its environment.
class SpawnPlan
{
public:
    SpawnPlan(int output, int error)
    {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&m_actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&m_actions, error, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1);

        // A session makes a group as well, and without a terminal the program fails where it would ask and wait.
        posix_spawnattr_init(&m_attributes);
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&m_attributes, &signals);
        sigfillset(&signals);
        posix_spawnattr_setsigdefault(&m_attributes, &signals);
    }

    SpawnPlan(const SpawnPlan &) = delete;
    SpawnPlan &operator=(const SpawnPlan &) = delete;

    ~SpawnPlan()
    {
        posix_spawn_file_actions_destroy(&m_actions);
        posix_spawnattr_destroy(&m_attributes);
    }

    const posix_spawn_file_actions_t *actions() const { return &m_actions; }

    const posix_spawnattr_t *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions;
    posix_spawnattr_t m_attributes;
};

/// Pointers into `texts`, with a null pointer at the end.
std::vector<char *> pointers(QList<QByteArray> &texts)
{
    std::vector<char *> result;
    for (QByteArray &text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// Whoever has started the publisher may have left SIGCHLD ignored: the kernel would then forget how programs ended.
void rememberHowChildrenEnd()
{
    struct sigaction action = {};
    if (::sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
        std::signal(SIGCHLD, SIG_DFL);
}

/// Whether the process has not ended yet; one that has, and was not waited for, is in the state Z or X (proc(5)).
bool isRunning(int process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray stat = file.readAll();
    const QByteArray state = stat.mid(stat.lastIndexOf(')') + 2, 1);
    return state != "Z" && state != "X" && !state.isEmpty();
}

/// Looks at every process of the machine, but asks only for its group.
bool anyIsRunning(int group)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> processes(::opendir("/proc"), &::closedir);
    if (!processes)
        return true;
    while (const dirent *entry = ::readdir(processes.get())) {
        const int process = QByteArrayView(entry->d_name).toInt();
        if (process > 0 && ::getpgid(process) == group && isRunning(process))
            return true;
    }
    return false;
}

Error cannotStart(int reason)
{
    return {ErrorCode::WakeFailed, QStringLiteral("The recipe's command cannot be started: %1.")
                                       .arg(QString::fromStdString(std::generic_category().message(reason)))};
}

} // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const Launch &launch, Exited exited)
{
    rememberHowChildrenEnd();
    QList<QByteArray> words{QFile::encodeName(launch.program)};
    for (const QString &argument : launch.arguments)
        words.append(QFile::encodeName(argument));
    QList<QByteArray> environment = launch.environment;
    const SpawnPlan plan(launch.output, launch.error);

    pid_t id = 0;
    const int failure = ::posix_spawn(&id, words.first().constData(), plan.actions(), plan.attributes(),
                                      pointers(words).data(), pointers(environment).data());
    if (failure != 0)
        return cannotStart(failure);
    FileDescriptor process = openChild(id);
    if (!process.isValid()) {
        const int reason = errno;
        ::kill(-id, SIGKILL);
        ::waitpid(id, nullptr, 0);
        return cannotStart(reason);
    }
    return std::unique_ptr<ChildProcess>(new ChildProcess(id, std::move(process), std::move(exited)));
}

ChildProcess::ChildProcess(int id, FileDescriptor process, Exited exited)
    : m_id(id)
    , m_process(std::move(process))
    , m_end(m_process.value(), QSocketNotifier::Read)
    , m_exited(std::move(exited))
{
    QObject::connect(&m_end, &QSocketNotifier::activated, &m_end, [this] { noticeExit(); });
}

ChildProcess::~ChildProcess()
{
    m_end.setEnabled(false);
    reapWhenEnded(std::move(m_process));
}

void ChildProcess::noticeExit()
{
    m_end.setEnabled(false);
    siginfo_t info = {};
    ::waitid(P_PIDFD, static_cast<id_t>(m_process.value()), &info, WEXITED | WNOHANG | WNOWAIT);
    const Exited exited = std::move(m_exited);
    exited({info.si_code == CLD_EXITED ? Exit::Kind::Status : Exit::Kind::Signal, info.si_status});
}

void ChildProcess::signalGroup(int signal)
{
    m_end.setEnabled(false);
    if (!m_groupIsGone)
        ::kill(-m_id, signal);
}

bool ChildProcess::groupIsGone()
{
    if (m_groupIsGone)
        return true;
    siginfo_t info = {};
    ::waitid(P_PIDFD, static_cast<id_t>(m_process.value()), &info, WEXITED | WNOHANG);
    // Whoever adopts orphans may take its time to wait for them, or never do it, as the first process of many a
    // container: what has ended counts as gone.
    m_groupIsGone = (::kill(-m_id, 0) != 0 && errno == ESRCH) || !anyIsRunning(m_id);
    return m_groupIsGone;
}

} // namespace hearth::publisher
