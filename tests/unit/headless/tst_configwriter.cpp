#include "certificate.h"
#include "configwriter.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace hearth;
using namespace hearth::headless;
using testsupport::makeCertificate;

class TestConfigWriter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void writesBothFiles();
    void callsTheKeyAfterTheConfiguration();
    void isForItsOwnerOnly();
    void letsOthersPassByRootsDirectories();
    void letsTheServiceRead();
    void replacesNothing_data();
    void replacesNothing();
    void usesTheKeyThatIsThere();
    void keepsNoOtherKeyThanThatOfTheAnswers();
    void copiesTheCertificatesOnly();
    void usesTheCertificatesThatAreThere();
    void opensNoPrivateKey();
    void usesAKeyOfSomebodyElse_data();
    void usesAKeyOfSomebodyElse();
    void saysWhatCannotBeWritten();
    void leavesNothingHalf_data();
    void leavesNothingHalf();

private:
    ConfigPlace place() const { return {.file = m_directory->filePath(QStringLiteral("below/publisher.yaml"))}; }

    QString path(const char *name) const { return m_directory->filePath(QLatin1String(name)); }

    void put(const QString &path, const QByteArray &content) const;
    QStringList files() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

namespace {

SetupAnswers someAnswers()
{
    return {.server = QUrl(QStringLiteral("https://hearth.example.org")),
            .key = "hk_secret",
            .name = QStringLiteral("gpu box"),
            .models = {{.url = QStringLiteral("http://127.0.0.1:11434/v1"),
                        .model = QStringLiteral("qwen 3"),
                        .name = QStringLiteral("qwen-3")},
                       {.url = QStringLiteral("http://127.0.0.1:8000/v1"),
                        .model = QStringLiteral("m"),
                        .name = QStringLiteral("m")}}};
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(unreadable)");
}

struct stat statusOf(const QString &path)
{
    struct stat status = {};
    if (::stat(QFile::encodeName(path).constData(), &status) != 0)
        qFatal("a file is missing");
    return status;
}

mode_t modeOf(const QString &path)
{
    return statusOf(path).st_mode & 07777;
}

} // namespace

void TestConfigWriter::put(const QString &path, const QByteArray &content) const
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
}

QStringList TestConfigWriter::files() const
{
    return QDir(path("below")).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

void TestConfigWriter::writesBothFiles()
{
    const auto settings = ConfigWriter(place(), {}).write(someAnswers());
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    QCOMPARE(files(), QStringList({QStringLiteral("publisher.key"), QStringLiteral("publisher.yaml")}));
    QCOMPARE(contentOf(place().keyFile()), QByteArray("hk_secret\n"));
    QCOMPARE(
        contentOf(place().file),
        QByteArray("# Made by \"hearth-publisher setup\". Everything that can stand here is in publisher.yaml(5).\n"
                   "server: https://hearth.example.org\n"
                   "keyFile: ") +
            place().keyFile().toUtf8() +
            "\n"
            "name: gpu box\n"
            "llms:\n"
            "  - name: qwen-3\n"
            "    model: qwen 3\n"
            "    url: http://127.0.0.1:11434/v1\n"
            "    publish: true\n"
            "  - name: m\n"
            "    model: m\n"
            "    url: http://127.0.0.1:8000/v1\n"
            "    publish: true\n");
    QCOMPARE(settings->server, someAnswers().server);
    QCOMPARE(settings->llms.size(), size_t(2));
    QVERIFY(settings->llms[0].publish && settings->llms[1].publish);
}

void TestConfigWriter::callsTheKeyAfterTheConfiguration()
{
    QCOMPARE(ConfigPlace{.file = QStringLiteral("/a/b.c.yaml")}.keyFile(), QStringLiteral("/a/b.c.key"));
    QCOMPARE(ConfigPlace::of(QStringLiteral("/a/../b.yaml")).file, QStringLiteral("/b.yaml"));
    QVERIFY(ConfigPlace::of({}).file.endsWith(QStringLiteral("/hearth/publisher.yaml")));
}

void TestConfigWriter::isForItsOwnerOnly()
{
    // Neither more nor less than this, whatever the mask of the process is.
    const mode_t before = ::umask(0);
    const auto settings = ConfigWriter(place(), {}).write(someAnswers());
    ::umask(before);
    QVERIFY(settings);
    QCOMPARE(modeOf(place().file), mode_t(0600));
    QCOMPARE(modeOf(place().keyFile()), mode_t(0600));
    QCOMPARE(modeOf(path("below")), mode_t(0700));
}

void TestConfigWriter::letsOthersPassByRootsDirectories()
{
    ConfigPlace ofRoot = place();
    ofRoot.isRoots = true;
    const mode_t before = ::umask(0077);
    const auto settings = ConfigWriter(ofRoot, {}).write(someAnswers());
    ::umask(before);
    QVERIFY(settings);
    QCOMPARE(modeOf(path("below")), mode_t(0755));
    QCOMPARE(modeOf(ofRoot.file), mode_t(0600));
    QCOMPARE(modeOf(ofRoot.keyFile()), mode_t(0600));
    QCOMPARE(ConfigPlace::of({}).isRoots, ::geteuid() == 0);
}

void TestConfigWriter::letsTheServiceRead()
{
    if (::geteuid() != 0)
        QSKIP("Only root can give files to a group that it is not in.");
    constexpr gid_t group = 65534;
    ConfigPlace service = place();
    service.readers = group;
    const mode_t before = ::umask(0077);
    const auto settings = ConfigWriter(service, {}).write(someAnswers());
    ::umask(before);
    QVERIFY(settings);
    for (const QString &file : {service.file, service.keyFile()}) {
        QCOMPARE(modeOf(file), mode_t(0640));
        QCOMPARE(statusOf(file).st_gid, group);
        QCOMPARE(statusOf(file).st_uid, uid_t(0));
    }
}

void TestConfigWriter::replacesNothing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("advice");
    QTest::newRow("configuration") << QStringLiteral("publisher.yaml") << QStringLiteral("--config");
    QTest::newRow("key") << QStringLiteral("publisher.key") << QStringLiteral("--key-file");
    QTest::newRow("certificates") << QStringLiteral("publisher-ca.pem") << QStringLiteral("--ca-file");
}

void TestConfigWriter::replacesNothing()
{
    QFETCH(QString, name);
    QFETCH(QString, advice);
    const QString file = path("below/") + name;
    put(file, "precious");
    makeCertificate(path("ca.pem"), path("ca.key"));
    const ConfigWriter writer(place(), {.ca = path("ca.pem")});
    const Result<void> free = writer.look();
    QVERIFY(!free);
    QVERIFY(free.error().code == ErrorCode::Conflict);
    QVERIFY2(free.error().message.startsWith(file + u' ') && free.error().message.contains(advice),
             qPrintable(free.error().message));
    QVERIFY(!writer.write(someAnswers()));
    QCOMPARE(contentOf(file), QByteArray("precious"));
    QCOMPARE(files(), QStringList(name));
}

void TestConfigWriter::usesTheKeyThatIsThere()
{
    put(place().keyFile(), "hk_secret");
    // By whatever way it was named.
    const ConfigWriter writer(place(), {.key = path("below/../below/publisher.key")});
    QVERIFY(writer.look());
    const auto settings = writer.write(someAnswers());
    QVERIFY(settings);
    QCOMPARE(settings->keyFile, place().keyFile());
    QCOMPARE(contentOf(place().keyFile()), QByteArray("hk_secret"));
    QVERIFY(!ConfigWriter(place(), {.key = path("elsewhere.key")}).look());
}

void TestConfigWriter::keepsNoOtherKeyThanThatOfTheAnswers()
{
    put(place().keyFile(), "hk_stale\n");
    const auto settings = ConfigWriter(place(), {.key = place().keyFile()}).write(someAnswers());
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Conflict);
    QVERIFY2(settings.error().message.startsWith(place().keyFile() + QStringLiteral(" holds another key")),
             qPrintable(settings.error().message));
    QCOMPARE(contentOf(place().keyFile()), QByteArray("hk_stale\n"));
    QCOMPARE(files(), QStringList(QStringLiteral("publisher.key")));
}

void TestConfigWriter::copiesTheCertificatesOnly()
{
    makeCertificate(path("ca.pem"), path("ca.key"));
    const QByteArray certificate = contentOf(path("ca.pem"));
    put(path("ca.pem"), certificate + contentOf(path("ca.key")) + certificate);
    QVERIFY(QFile::setPermissions(path("ca.pem"), QFileDevice::ReadOwner));
    const auto settings = ConfigWriter(place(), {.ca = path("ca.pem")}).write(someAnswers());
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->caFile, path("below/publisher-ca.pem"));
    QCOMPARE(contentOf(settings->caFile), certificate + certificate);
    // Whoever the service runs as.
    QCOMPARE(modeOf(settings->caFile), mode_t(0644));
}

void TestConfigWriter::usesTheCertificatesThatAreThere()
{
    const QString there = path("below/publisher-ca.pem");
    put(there, {});
    makeCertificate(there, path("ca.key"));
    const QByteArray before = "Mine.\n" + contentOf(there);
    put(there, before);
    QVERIFY(QFile::setPermissions(there, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const auto settings = ConfigWriter(place(), {.ca = there}).write(someAnswers());
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->caFile, there);
    QCOMPARE(contentOf(there), before);
    // Whoever the service runs as.
    QCOMPARE(modeOf(there), mode_t(0644));
}

void TestConfigWriter::opensNoPrivateKey()
{
    const QString there = path("below/publisher-ca.pem");
    put(there, {});
    makeCertificate(there, path("ca.key"));
    put(there, contentOf(there) + contentOf(path("ca.key")));
    QVERIFY(QFile::setPermissions(there, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const ConfigWriter writer(place(), {.ca = there});
    const Result<void> free = writer.look();
    QVERIFY(!free);
    QVERIFY(free.error().code == ErrorCode::Conflict);
    QVERIFY2(free.error().message.startsWith(there + QStringLiteral(" holds a private key")),
             qPrintable(free.error().message));
    QVERIFY(!writer.write(someAnswers()));
    QCOMPARE(modeOf(there), mode_t(0600));
    QCOMPARE(files(), QStringList(QStringLiteral("publisher-ca.pem")));
}

void TestConfigWriter::usesAKeyOfSomebodyElse_data()
{
    QTest::addColumn<bool>("isForService");
    QTest::newRow("a person who can read it") << false;
    QTest::newRow("a service that cannot") << true;
}

void TestConfigWriter::usesAKeyOfSomebodyElse()
{
    if (::geteuid() != 0)
        QSKIP("Only root can give files to somebody else.");
    QFETCH(bool, isForService);
    constexpr uid_t person = 65534;
    put(place().keyFile(), "hk_secret");
    QVERIFY(::chmod(QFile::encodeName(place().keyFile()).constData(), 0644) == 0);
    QVERIFY(::chmod(QFile::encodeName(m_directory->path()).constData(), 0755) == 0);
    QVERIFY(::chown(QFile::encodeName(path("below")).constData(), person, person) == 0);
    ConfigPlace ofPerson = place();
    if (isForService)
        ofPerson.readers = ::getegid();
    QVERIFY(::seteuid(person) == 0);
    const auto settings = ConfigWriter(ofPerson, {.key = ofPerson.keyFile()}).write(someAnswers());
    QVERIFY(::seteuid(0) == 0);
    QCOMPARE(static_cast<bool>(settings), !isForService);
    QCOMPARE(QFileInfo::exists(ofPerson.file), !isForService);
    QCOMPARE(modeOf(ofPerson.keyFile()), mode_t(0644));
    if (isForService) {
        QVERIFY2(settings.error().message.startsWith(ofPerson.keyFile() +
                                                     QStringLiteral(" cannot be opened to the service: ")),
                 qPrintable(settings.error().message));
    }
}

void TestConfigWriter::saysWhatCannotBeWritten()
{
    // Even an administrator cannot make a directory below a file.
    put(path("below"), "a file");
    const auto settings = ConfigWriter(place(), {}).write(someAnswers());
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Io);
    QVERIFY2(settings.error().message.startsWith(path("below") + QStringLiteral(" cannot be written: ")),
             qPrintable(settings.error().message));
}

void TestConfigWriter::leavesNothingHalf_data()
{
    QTest::addColumn<bool>("hasKey");
    QTest::newRow("a new key") << false;
    QTest::newRow("a key that was there") << true;
}

void TestConfigWriter::leavesNothingHalf()
{
    QFETCH(bool, hasKey);
    const QString key = place().keyFile();
    if (hasKey) {
        put(key, "hk_secret");
        QVERIFY(QFile::setPermissions(key, QFileDevice::ReadOwner | QFileDevice::ReadGroup));
    }
    makeCertificate(path("ca.pem"), path("ca.key"));
    SetupAnswers answers = someAnswers();
    answers.name = QString(200, u'x');
    const auto settings = ConfigWriter(place(), {.key = hasKey ? key : QString(), .ca = path("ca.pem")}).write(answers);
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QVERIFY2(settings.error().message.contains(QStringLiteral("name")), qPrintable(settings.error().message));
    QCOMPARE(files(), hasKey ? QStringList(QStringLiteral("publisher.key")) : QStringList());
    QCOMPARE(QFileInfo::exists(path("below")), hasKey);
    if (hasKey)
        QCOMPARE(modeOf(key), mode_t(0440));
}

QTEST_GUILESS_MAIN(TestConfigWriter)
#include "tst_configwriter.moc"
