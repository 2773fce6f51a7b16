// The secret box and its file: what is sealed opens again, with the same secret only, and nobody else may read that.

#include "publicfields.h"
#include "secretmask.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace hearth;
using namespace hearth::publicllm;
using namespace Qt::StringLiterals;

class TestSecretBox final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void cleanup() { m_folder.reset(); }

    void roundTrip_data();
    void roundTrip();
    void sealsDifferentlyEachTime();
    void tampered();
    void opensAfterAnotherStart();
    void otherSecret();
    void fileIsForItsOwner();
    void fileOfOthers_data();
    void fileOfOthers();
    void fileWithoutASecret_data();
    void fileWithoutASecret();
    void fileThatCannotBeMade_data();
    void fileThatCannotBeMade();
    void severalServersAtOnce();
    void apiKeys_data();
    void apiKeys();
    void mask_data();
    void mask();
    void maskWhereverItIsCut();
    void maskHoldsLittleBack_data();
    void maskHoldsLittleBack();

private:
    QString path() const { return m_folder->filePath(u"data/secret.key"_s); }

    void write(const QByteArray &content, QFileDevice::Permissions permissions) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

QString openedText(const SecretBox &box, const QByteArray &sealed)
{
    const Result<Secret> opened = box.open(sealed);
    return opened ? QString::fromUtf8(opened.value().bytes()) : QString();
}

} // namespace

void TestSecretBox::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestSecretBox::write(const QByteArray &content, QFileDevice::Permissions permissions) const
{
    QDir().mkpath(m_folder->filePath(u"data"_s));
    QFile file(path());
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.setPermissions(permissions))
        qFatal("The file cannot be written.");
}

void TestSecretBox::roundTrip_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("key") << QByteArray("sk-0123");
    QTest::newRow("bytes") << QByteArray("\0\xff\r\n", 4);
    QTest::newRow("large") << QByteArray(100'000, 'x');
}

void TestSecretBox::roundTrip()
{
    QFETCH(QByteArray, text);
    SecretBox box;
    QVERIFY(box.load(path()));
    const QByteArray sealed = box.seal(text);
    QCOMPARE(sealed.size(), text.size() + 40);
    QVERIFY(text.isEmpty() || !sealed.contains(text));
    const Result<Secret> opened = box.open(sealed);
    QVERIFY(opened);
    QCOMPARE(opened.value().bytes(), text);
}

void TestSecretBox::sealsDifferentlyEachTime()
{
    SecretBox box;
    QVERIFY(box.load(path()));
    QVERIFY(box.seal("text") != box.seal("text"));
}

void TestSecretBox::tampered()
{
    SecretBox box;
    QVERIFY(box.load(path()));
    const QByteArray sealed = box.seal("text");
    for (qsizetype i = 0; i < sealed.size(); ++i) {
        QByteArray changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        QVERIFY(!box.open(changed));
        QVERIFY(!box.open(sealed.first(i)));
    }
    QVERIFY(!box.open(QByteArray(sealed + '\0')));
    QVERIFY(box.open(sealed));
}

void TestSecretBox::opensAfterAnotherStart()
{
    SecretBox first;
    QVERIFY(first.load(path()));
    const QByteArray sealed = first.seal("text");
    SecretBox second;
    QVERIFY(second.load(path()));
    QCOMPARE(openedText(second, sealed), u"text"_s);
}

void TestSecretBox::otherSecret()
{
    SecretBox box;
    QVERIFY(box.load(path()));
    const QByteArray sealed = box.seal("text");
    SecretBox other;
    QVERIFY(other.load(m_folder->filePath(u"other.key"_s)));
    const Result<Secret> opened = other.open(sealed);
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::Configuration);
}

void TestSecretBox::fileIsForItsOwner()
{
    SecretBox box;
    QVERIFY(box.load(path()));
    constexpr auto asUser = QFileDevice::ReadUser | QFileDevice::WriteUser;
    QCOMPARE(QFile::permissions(path()) & ~asUser, ownerOnly);
    // Nothing else is left of its making.
    QCOMPARE(QDir(m_folder->filePath(u"data"_s)).entryList(QDir::Files | QDir::Hidden), QStringList{u"secret.key"_s});
}

void TestSecretBox::fileOfOthers_data()
{
    QTest::addColumn<QFileDevice::Permissions>("more");
    QTest::newRow("group reads") << QFileDevice::Permissions(QFileDevice::ReadGroup);
    QTest::newRow("group writes") << QFileDevice::Permissions(QFileDevice::WriteGroup);
    QTest::newRow("all read") << QFileDevice::Permissions(QFileDevice::ReadOther);
    QTest::newRow("all write") << QFileDevice::Permissions(QFileDevice::WriteOther);
}

void TestSecretBox::fileOfOthers()
{
    QFETCH(QFileDevice::Permissions, more);
    write(QByteArray(32, 'k').toBase64(), ownerOnly | more);
    SecretBox box;
    const Result<void> loaded = box.load(path());
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Configuration);
    QVERIFY2(loaded.error().message.contains(u"chmod 600 "_s + path()), qPrintable(loaded.error().message));
    QVERIFY(QFile::setPermissions(path(), ownerOnly));
    QVERIFY(box.load(path()));
}

void TestSecretBox::fileWithoutASecret_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("too short") << QByteArray(31, 'k').toBase64();
    QTest::newRow("too long") << QByteArray(33, 'k').toBase64();
    QTest::newRow("no base64") << QByteArray(44, '*');
    QTest::newRow("more behind it") << QByteArray(32, 'k').toBase64() + "\nmore";
    QTest::newRow("endless") << QByteArray(32, 'k').toBase64() + QByteArray(100, '\n');
}

void TestSecretBox::fileWithoutASecret()
{
    QFETCH(QByteArray, content);
    write(content, ownerOnly);
    const Result<void> loaded = SecretBox().load(path());
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Configuration);
    QVERIFY2(loaded.error().message.contains(path()), qPrintable(loaded.error().message));
    // It is not replaced: what was sealed with it would be lost.
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), content);
}

void TestSecretBox::fileThatCannotBeMade_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("below a file") << u"/dev/null/secret.key"_s;
    QTest::newRow("a folder") << u"/tmp"_s;
    QTest::newRow("a device") << u"/dev/null"_s;
}

void TestSecretBox::fileThatCannotBeMade()
{
    QFETCH(QString, path);
    const Result<void> loaded = SecretBox().load(path);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Configuration);
    QVERIFY2(loaded.error().message.contains(path), qPrintable(loaded.error().message));
}

void TestSecretBox::severalServersAtOnce()
{
    std::array<SecretBox, 8> boxes;
    std::array<bool, 8> loaded{};
    std::vector<std::thread> servers;
    for (size_t i = 0; i < boxes.size(); ++i)
        servers.emplace_back([&, i] { loaded[i] = boxes[i].load(path()).ok(); });
    for (std::thread &server : servers)
        server.join();
    const QByteArray sealed = boxes[0].seal("text");
    for (size_t i = 0; i < boxes.size(); ++i) {
        QVERIFY(loaded[i]);
        QCOMPARE(openedText(boxes[i], sealed), u"text"_s);
    }
}

void TestSecretBox::apiKeys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("isLegal");
    QTest::newRow("usual") << u"sk-ant-api03-AZaz09_-."_s << true;
    QTest::newRow("short") << u"x"_s << true;
    QTest::newRow("longest") << QString(4096, u'x') << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("too long") << QString(4097, u'x') << false;
    QTest::newRow("space") << u"sk secret"_s << false;
    QTest::newRow("line break") << u"sk-secret\n"_s << false;
    QTest::newRow("beyond ASCII") << u"sk-s\u00e4cret"_s << false;
    QTest::newRow("NUL") << QString(u"sk-secret"_s + QChar(u'\0')) << false;
}

void TestSecretBox::apiKeys()
{
    QFETCH(QString, key);
    QFETCH(bool, isLegal);
    SecretBox box;
    QVERIFY(box.load(path()));
    const Result<QByteArray> sealed = sealedApiKey(key, box);
    QCOMPARE(sealed.ok(), isLegal);
    if (sealed) {
        QCOMPARE(openedText(box, *sealed), key);
    } else {
        QVERIFY(sealed.error().code == ErrorCode::InvalidRequest);
        QCOMPARE(sealed.error().param, u"apiKey"_s);
        QVERIFY(!sealed.error().message.contains("secret"_L1));
    }
}

void TestSecretBox::mask_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray secret("sk-0123456789abcdef");
    QTest::newRow("not there") << secret << QByteArray("hello") << QByteArray("hello");
    QTest::newRow("alone") << secret << secret << QByteArray("[key]");
    QTest::newRow("twice") << secret << QByteArray("a " + secret + secret + " b") << QByteArray("a [key][key] b");
    QTest::newRow("begun") << secret << QByteArray("a sk-0123 sk-") << QByteArray("a sk-0123 sk-");
    QTest::newRow("begun and there") << secret << QByteArray("sk-sk-0" + secret) << QByteArray("sk-sk-0[key]");
    QTest::newRow("a word for no key") << QByteArray("ollama") << QByteArray("an ollama") << QByteArray("an ollama");
    QTest::newRow("shortest key") << QByteArray("sk-12345") << QByteArray("a sk-12345") << QByteArray("a [key]");
    const auto escaped = [](const char *name, const char *text, const char *expected) {
        QTest::newRow(name) << QByteArray("sk/0+1&\"2\\34567") << QByteArray(text) << QByteArray(expected);
    };
    escaped("raw", R"(a sk/0+1&"2\34567 b)", "a [key] b");
    escaped("JSON", R"(a sk/0+1&\"2\\34567 b)", "a [key] b");
    escaped("solidus", R"(a sk\/0+1&\"2\\34567 b)", "a [key] b");
    escaped("code points", R"(a \u0073k\u002f0\u002B1\u0026\u0022\u0032\u005C3456\u0037 b)", "a [key] b");
    escaped("twice escaped", R"(a \\u0073k\\\/0+1&\\\"2\\\\34567 b)", "a [key] b");
    escaped("escapes around", R"({"a":"\"\nsk\/0+1&\"2\\34567\"\n\u00e9"})", R"({"a":"\"\n[key]\"\n\u00e9"})");
    escaped("first character", R"(a \u0073\u0073k/0+1&"2\34567)", R"(a \u0073[key])");
    escaped("another", R"(a \u0073k\/0+1&\"2\\3456\u0038 b\)", R"(a \u0073k\/0+1&\"2\\3456\u0038 b\)");
    escaped("begun", R"(a sk\/0\u00)", R"(a sk\/0\u00)");
    escaped("no escape", R"(\u00g0 \u \x \ud83d sk)", R"(\u00g0 \u \x \ud83d sk)");
    QTest::newRow("begins like an escape")
        << QByteArray("nvapi-012") << QByteArray(R"("\nnvapi-012")") << QByteArray(R"("\n[key]")");
    QTest::newRow("no key") << QByteArray() << QByteArray("hello") << QByteArray("hello");
}

void TestSecretBox::mask()
{
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
        SecretMask mask{Secret(secret)};
        QByteArray passed = mask.pass(text.first(cut)).toByteArray();
        passed += mask.pass(text.sliced(cut));
        passed += mask.rest();
        QCOMPARE(passed, expected);
        QCOMPARE(mask.masked(text), expected);
    }
}

void TestSecretBox::maskWhereverItIsCut()
{
    const QByteArray secret("sk-sk-sk-0123456789");
    SecretMask mask{Secret(secret)};
    QByteArray passed;
    for (const char c : QByteArray("x sk-" + secret + " sk-sk-"))
        passed += mask.pass(QByteArrayView(&c, 1));
    QCOMPARE(QByteArray(passed + mask.rest()), QByteArray("x sk-[key] sk-sk-"));
}

void TestSecretBox::maskHoldsLittleBack_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("backslashes") << QByteArray(100'000, '\\');
    QTest::newRow("begun, and backslashes") << QByteArray("sk-sk-0123" + QByteArray(100'000, '\\'));
    QTest::newRow("escaped backslashes") << QByteArray("sk-sk-0123" + QByteArray("\\u005c").repeated(20'000));
    QTest::newRow("begun over and over") << QByteArray("sk-").repeated(40'000);
}

void TestSecretBox::maskHoldsLittleBack()
{
    QFETCH(QByteArray, text);
    const QByteArray secret("sk-sk-sk-0123456789");
    SecretMask mask{Secret(secret)};
    QByteArray passed = mask.pass(text).toByteArray();
    QVERIFY2(text.size() - passed.size() < 20 * secret.size(), QByteArray::number(passed.size()).constData());
    passed += mask.rest();
    QVERIFY(passed == text);
}

QTEST_GUILESS_MAIN(TestSecretBox)
#include "tst_secretbox.moc"
