#include "settingwords.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>

namespace hearth::fields {

namespace {

constexpr std::array units{
    QT_TRANSLATE_NOOP("Setting", "requests"),
    QT_TRANSLATE_NOOP("Setting", "tasks"),
    QT_TRANSLATE_NOOP("Setting", "seconds"),
    QT_TRANSLATE_NOOP("Setting", "minutes"),
};

constexpr std::array labels{
    QT_TRANSLATE_NOOP("Setting", "Watch interval"),
    QT_TRANSLATE_NOOP("Setting", "Wake poll"),
    QT_TRANSLATE_NOOP("Setting", "Recipe kill grace"),
    QT_TRANSLATE_NOOP("Setting", "Offer again"),
    QT_TRANSLATE_NOOP("Setting", "Answer timeout"),
    QT_TRANSLATE_NOOP("Setting", "Extra tasks"),
    QT_TRANSLATE_NOOP("Setting", "Replaced wait"),
    QT_TRANSLATE_NOOP("Setting", "Goodbye"),
    QT_TRANSLATE_NOOP("Setting", "Connect timeout"),
    QT_TRANSLATE_NOOP("Setting", "First byte timeout"),
    QT_TRANSLATE_NOOP("Setting", "Idle timeout"),
    QT_TRANSLATE_NOOP("Setting", "Probe timeout"),
    QT_TRANSLATE_NOOP("Setting", "Handshake timeout"),
    QT_TRANSLATE_NOOP("Setting", "Ping interval"),
    QT_TRANSLATE_NOOP("Setting", "Write timeout"),
    QT_TRANSLATE_NOOP("Setting", "Close timeout"),
    QT_TRANSLATE_NOOP("Setting", "Drain"),
};

constexpr std::array helps{
    QT_TRANSLATE_NOOP("Setting", "The name that clients call."),
    QT_TRANSLATE_NOOP("Setting", "The API that the backend speaks."),
    QT_TRANSLATE_NOOP("Setting", "What the backend itself calls the model. Default: name."),
    QT_TRANSLATE_NOOP("Setting", "The pool that it joins: callers of the pool get whichever of its models is free. "
                                 "Default: the one of its model; empty: none."),
    QT_TRANSLATE_NOOP("Setting", "Whether the backend knows stream_options, by which usage is counted."),
    QT_TRANSLATE_NOOP("Setting", "The backend, for example http://127.0.0.1:8000/v1."),
    QT_TRANSLATE_NOOP("Setting", "File with the key for a backend that wants one; it holds nothing else."),
    QT_TRANSLATE_NOOP("Setting", "How strong the model is."),
    QT_TRANSLATE_NOOP("Setting", "Shown to people who choose a model."),
    QT_TRANSLATE_NOOP("Setting", "Passed on to the server as it is."),
    QT_TRANSLATE_NOOP("Setting", "How many requests the backend gets at a time."),
    QT_TRANSLATE_NOOP("Setting", "Whether this model is offered to the server at all."),
    QT_TRANSLATE_NOOP("Setting",
                      "A path below url; the backend is available while it answers a request for it with 2xx."),
    QT_TRANSLATE_NOOP("Setting",
                      "Upper bound of the first random wait after a lost connection; it doubles with every failure."),
    QT_TRANSLATE_NOOP("Setting", "Upper bound of every such wait."),
    QT_TRANSLATE_NOOP("Setting", "How long to wait after another publisher with the same state file has taken over."),
    QT_TRANSLATE_NOOP("Setting", "Upper bound of the random wait after the server has said goodbye."),
    QT_TRANSLATE_NOOP("Setting", "How long it may take to connect to a backend."),
    QT_TRANSLATE_NOOP("Setting", "How long a backend may take to begin its answer."),
    QT_TRANSLATE_NOOP("Setting", "How long a backend may be silent in the middle of its answer."),
    QT_TRANSLATE_NOOP("Setting", "How long a backend may take to answer whether it is available."),
    QT_TRANSLATE_NOOP("Setting", "How long it may take to open the control channel."),
    QT_TRANSLATE_NOOP("Setting", "How often the control channel is pinged; silent for two pings, it is dead."),
    QT_TRANSLATE_NOOP("Setting", "How long the network may take no byte before the channel is given up."),
    QT_TRANSLATE_NOOP("Setting", "How long the last bytes of a channel that is being closed may take."),
    QT_TRANSLATE_NOOP("Setting", "The address of the Hearth server; https:// for TLS."),
    QT_TRANSLATE_NOOP("Setting", "File with an API key of the scope publish; it holds nothing else."),
    QT_TRANSLATE_NOOP("Setting", "Where the API key is: in keyFile, or in the keyring of the desktop, which only "
                                 "hearth-tray can read. A keyFile that is given as a flag goes before the keyring."),
    QT_TRANSLATE_NOOP("Setting", "What people call this box."),
    QT_TRANSLATE_NOOP("Setting",
                      "Remembers the provider session across restarts. Default: a file in $STATE_DIRECTORY, which "
                      "systemd sets for its services, else in $XDG_STATE_HOME/hearth."),
    QT_TRANSLATE_NOOP("Setting", "PEM bundle for https. Default: the system's."),
    QT_TRANSLATE_NOOP("Setting", "Which messages are logged, from this level upward."),
    QT_TRANSLATE_NOOP("Setting", "How often an idle backend is asked whether it is available."),
    QT_TRANSLATE_NOOP("Setting", "How often a backend that is being woken is asked whether it is available."),
    QT_TRANSLATE_NOOP("Setting", "How long the program of a recipe may take to end by itself before it is killed."),
    QT_TRANSLATE_NOOP("Setting", "How often models and agents whose name is taken are offered again."),
    QT_TRANSLATE_NOOP("Setting", "How long the server may take for its first message, and again to answer a register."),
    QT_TRANSLATE_NOOP("Setting", "How long running requests and wakes may go on when hearth-publisher is stopped."),
    QT_TRANSLATE_NOOP(
        "Setting",
        "Tasks that are accepted beyond the sum of maxConcurrency; a cancelled one holds its place for a moment."),
    QT_TRANSLATE_NOOP("Setting", "The models of this box."),
    QT_TRANSLATE_NOOP("Setting", "The agents that are published beside them."),
    QT_TRANSLATE_NOOP("Setting", "The program, as an absolute path. No shell is involved."),
    QT_TRANSLATE_NOOP("Setting", "Its arguments."),
    QT_TRANSLATE_NOOP("Setting", "Where the request goes."),
    QT_TRANSLATE_NOOP("Setting", "The method of the request."),
    QT_TRANSLATE_NOOP("Setting", "The header fields of the request."),
    QT_TRANSLATE_NOOP("Setting", "The body of the request."),
    QT_TRANSLATE_NOOP("Setting", "How long the recipe itself may take. Default for a command: maxWaitSeconds."),
    QT_TRANSLATE_NOOP("Setting", "How long the backend may take to answer once the recipe has ended well."),
    QT_TRANSLATE_NOOP("Setting", "How long the recipe itself may take."),
    QT_TRANSLATE_NOOP("Setting", "How long the backend must have been without a request."),
    QT_TRANSLATE_NOOP("Setting", "The model it is pinned to: one of llms, another one of yours, or a public one."),
    QT_TRANSLATE_NOOP("Setting", "In place of llm: the pool whose models serve it, one of which is yours or public."),
    QT_TRANSLATE_NOOP("Setting", "Shown to people who choose an agent."),
    QT_TRANSLATE_NOOP("Setting", "Stands before the messages of every request."),
    QT_TRANSLATE_NOOP("Setting", "Parameters for requests that leave them out."),
    QT_TRANSLATE_NOOP("Setting", "What the agent belongs to, for people."),
    QT_TRANSLATE_NOOP("Setting", "Whether closing the window of hearth-tray leaves it running in the tray."),
    QT_TRANSLATE_NOOP("Setting", "Whether to notify when the server refuses the key."),
    QT_TRANSLATE_NOOP("Setting", "Whether to notify when the name of a model or agent is taken."),
    QT_TRANSLATE_NOOP("Setting", "Whether to notify when a backend could not be woken."),
    QT_TRANSLATE_NOOP("Setting", "Whether to notify when a backend that nothing can wake is gone."),
    QT_TRANSLATE_NOOP("Setting", "Whether nothing new is taken while the machine runs on battery."),
    QT_TRANSLATE_NOOP("Setting", "Whether nothing new is taken while a program fills the screen."),
    QT_TRANSLATE_NOOP("Setting", "Nothing new is taken while one of these executables runs."),
    QT_TRANSLATE_NOOP("Setting", "Nothing new is taken in these hours, for example \"Mon-Fri 09:00-17:30\"."),
    QT_TRANSLATE_NOOP("Setting", "Whether a request or a program starts the backend."),
    QT_TRANSLATE_NOOP("Setting", "Whether a request or a program stops the backend; needs a wake recipe."),
};

} // namespace

QString settingWords(const QString &english)
{
    // The translation of nothing would be the head of the catalogue.
    return english.isEmpty() ? QString() : QCoreApplication::translate("Setting", english.toUtf8().constData());
}

QString labelFor(const Setting &setting)
{
    static const QRegularExpression unit(QStringLiteral("(Seconds|Minutes|Bytes)$"));
    static const QRegularExpression capital(QStringLiteral("([A-Z])"));
    QString words = setting.key.section(u'.', -1).remove(unit).replace(capital, QStringLiteral(" \\1")).toLower();
    words.front() = words.front().toUpper();
    return words;
}

std::vector<QString> knownSettingWords()
{
    std::vector<QString> all;
    const auto append = [&all](const auto &texts) {
        for (const char *text : texts)
            all.push_back(QString::fromUtf8(text));
    };
    append(units);
    append(labels);
    append(helps);
    return all;
}

} // namespace hearth::fields
