// terminalWidth(), with standard output in a terminal and elsewhere.

#include "terminalwidth.h"

#include <QTest>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace hearth::commandline;

namespace {

/// Standard output, somewhere else for a while; takes the descriptor over.
class Redirection final
{
public:
    explicit Redirection(int target)
        : m_saved(dup(STDOUT_FILENO))
    {
        dup2(target, STDOUT_FILENO);
        close(target);
    }

    ~Redirection()
    {
        dup2(m_saved, STDOUT_FILENO);
        close(m_saved);
    }
    Q_DISABLE_COPY_MOVE(Redirection)

private:
    int m_saved;
};

int widthWithOutputIn(int target)
{
    const Redirection redirection(target);
    return terminalWidth();
}

} // namespace

class TestTerminalWidth final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void environment_data();
    void environment();
    void terminal_data();
    void terminal();
};

void TestTerminalWidth::environment_data()
{
    QTest::addColumn<QByteArray>("columns");
    QTest::addColumn<int>("width");
    QTest::newRow("60") << QByteArray("60") << 60;
    QTest::newRow("narrowest") << QByteArray("40") << 40;
    QTest::newRow("too narrow") << QByteArray("39") << 40;
    QTest::newRow("widest") << QByteArray("100") << 100;
    QTest::newRow("too wide") << QByteArray("101") << 100;
    QTest::newRow("no number") << QByteArray("wide") << 80;
    QTest::newRow("zero") << QByteArray("0") << 80;
    QTest::newRow("negative") << QByteArray("-60") << 80;
    QTest::newRow("not set") << QByteArray() << 80;
}

void TestTerminalWidth::environment()
{
    QFETCH(const QByteArray, columns);
    QVERIFY(columns.isNull() ? qunsetenv("COLUMNS") : qputenv("COLUMNS", columns));
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    QVERIFY(nowhere >= 0);
    QTEST(widthWithOutputIn(nowhere), "width");
}

void TestTerminalWidth::terminal_data()
{
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("width");
    QTest::newRow("64") << 64 << 64;
    QTest::newRow("too narrow") << 10 << 40;
    QTest::newRow("too wide") << 300 << 100;
    // A terminal that does not know its size, as on a serial line, leaves it to the environment.
    QTest::newRow("unknown") << 0 << 72;
}

void TestTerminalWidth::terminal()
{
    QFETCH(const int, columns);
    QVERIFY(qputenv("COLUMNS", "72"));
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    int controller = -1;
    int terminal = -1;
    QCOMPARE(openpty(&controller, &terminal, nullptr, nullptr, &size), 0);
    QTEST(widthWithOutputIn(terminal), "width");
    close(controller);
}

QTEST_GUILESS_MAIN(TestTerminalWidth)
#include "tst_terminalwidth.moc"
