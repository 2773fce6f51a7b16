// The server as a whole: when it listens, how it starts and stops, and what only the rooms together can show.

#include "apikeytable.h"
#include "databasefixture.h"
#include "hearthserver.h"
#include "keyhash.h"
#include "rawhttp.h"
#include "transaction.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestHearthServer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_fixture.reset(); }
};

QTEST_GUILESS_MAIN(TestHearthServer)
