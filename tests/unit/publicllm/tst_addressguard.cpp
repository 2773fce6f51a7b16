// Where a public Llm's url may lead, as an address, as a name and as a whole.

#include "publicfields.h"

#include <QNetworkInterface>
#include <QRegularExpression>
#include <QTest>

#include <netinet/in.h>

using namespace hearth;
using namespace hearth::publicllm;
using namespace Qt::StringLiterals;

namespace {

constexpr quint16 ownPort = 4327;

AddressGuard guardOf(const QString &ownHost = u"127.0.0.1"_s)
{
    AddressGuard guard(ownHost);
    guard.setOwnPort(ownPort);
    return guard;
}

} // namespace

class TestAddressGuard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses_data();
    void addresses();
    void ownAddresses();
    void beforeItListens();
    void socketAddresses();
    void urls_data();
    void urls();
    void badUrls_data();
    void badUrls();
    void ownNames_data();
    void ownNames();
};

void TestAddressGuard::addresses_data()
{
    QTest::addColumn<bool>("isAllowed");
    const auto rows = [](bool isAllowed, const QByteArrayList &addresses) {
        for (const QByteArray &address : addresses)
            QTest::newRow(address.constData()) << isAllowed;
    };
    rows(true, {"8.8.8.8",
                "2001:4860:4860::8888",
                "127.0.0.1",
                "127.8.9.1",
                "::1",
                "10.0.0.5",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "fd12::1",
                "169.253.255.255",
                "169.255.0.0",
                "100.100.100.201",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "223.255.255.255",
                "168.63.129.17",
                "2002:808:808::1",
                "2002:a00:1::1",
                "64:ff9b:1::8.8.8.8",
                "64:ff9b:1:808:8:800::",
                "64:ff9b:1:8:8:808::",
                "64:ff9b:1::8:808:800:0",
                "64:ff9b:1::10.0.0.1"});
    rows(false, {"169.254.169.254", "169.254.0.1", "169.254.255.255", "fe80::1", "febf::1", "fe80::1%eth0",
                 "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "0.0.0.0", "0.1.2.3",
                 "::", "224.0.0.1", "239.255.255.255", "255.255.255.255", "240.0.0.1", "ff02::1",
                 // IPv4 in the clothes of IPv6.
                 "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::169.254.169.254", "64:ff9b::169.254.169.254",
                 "::ffff:100.100.100.200", "168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::168.63.129.16",
                 // 6to4.
                 "2002:a9fe:a9fe::1", "2002:6464:64c8:1:2:3:4:5", "2002:a83f:8110::", "2002:0:1::1", "2002:e000:1::1",
                 // A network's own NAT64, with each length of its prefix.
                 "64:ff9b:1::169.254.169.254", "64:ff9b:1:1234:0:5678:169.254.169.254",
                 "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:a9:fe:a9fe::", "64:ff9b:1::a9:fea9:fe00:0",
                 "64:ff9b:1::168.63.129.16", "64:ff9b:1::0.0.0.1", "64:ff9b:1::"});
}

void TestAddressGuard::addresses()
{
    QFETCH(bool, isAllowed);
    const QHostAddress address(QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY(!address.isNull());
    QCOMPARE(!guardOf().objection(address, 80).has_value(), isAllowed);
}

void TestAddressGuard::ownAddresses()
{
    const AddressGuard guard = guardOf();
    QList<QHostAddress> own = QNetworkInterface::allAddresses();
    own += {QHostAddress(u"127.0.0.1"_s),
            QHostAddress(u"127.3.2.1"_s),
            QHostAddress(u"::1"_s),
            QHostAddress(u"::ffff:127.0.0.1"_s),
            QHostAddress(u"2002:7f00:1::1"_s),
            QHostAddress(u"64:ff9b::127.0.0.1"_s),
            QHostAddress(u"64:ff9b:1::127.0.0.1"_s)};
    for (const QHostAddress &address : own) {
        QVERIFY2(guard.objection(address, ownPort), qPrintable(address.toString()));
        QCOMPARE(guard.objection(address, ownPort + 1).has_value(), address.isLinkLocal());
    }
    QVERIFY(!guard.objection(QHostAddress(u"8.8.8.8"_s), ownPort));
    QVERIFY(guardOf(u"8.8.8.8"_s).objection(QHostAddress(u"8.8.8.8"_s), ownPort));
}

void TestAddressGuard::beforeItListens()
{
    const AddressGuard guard(u"127.0.0.1"_s);
    QVERIFY(!guard.objection(QHostAddress(u"127.0.0.1"_s), ownPort));
    QVERIFY(guard.objection(QHostAddress(u"169.254.169.254"_s), ownPort));
}

void TestAddressGuard::socketAddresses()
{
    const AddressGuard guard = guardOf();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(80);
    QVERIFY(guard.allows(reinterpret_cast<const sockaddr &>(address)));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"this server itself"_s));
    address.sin_port = htons(ownPort);
    QVERIFY(!guard.allows(reinterpret_cast<const sockaddr &>(address)));
    sockaddr_in6 address6{};
    address6.sin6_family = AF_INET6;
    address6.sin6_addr = in6addr_loopback;
    address6.sin6_port = htons(80);
    QVERIFY(guard.allows(reinterpret_cast<const sockaddr &>(address6)));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"this server itself"_s));
    address6.sin6_port = htons(ownPort);
    QVERIFY(!guard.allows(reinterpret_cast<const sockaddr &>(address6)));
}

void TestAddressGuard::urls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("checked");
    const auto row = [](const char *url, const char *checked) {
        QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(checked);
    };
    row("https://api.openai.com/v1", "https://api.openai.com/v1");
    row("https://api.openai.com/v1/", "https://api.openai.com/v1");
    row("https://api.openai.com", "https://api.openai.com");
    row("HTTPS://API.OpenAI.com/V1//", "https://api.openai.com/V1");
    row("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1");
    row("http://localhost:4328/v1", "http://localhost:4328/v1");
    row("http://localhost/v1", "http://localhost/v1");
    row("http://[::1]:8000/v1", "http://[::1]:8000/v1");
    row("http://192.168.1.5:11434/v1", "http://192.168.1.5:11434/v1");
    row("http://b\xC3\xBCro.example/v1", "http://xn--bro-hoa.example/v1");
    row("https://a.example/deployments/a%20b/v1", "https://a.example/deployments/a%20b/v1");
}

void TestAddressGuard::urls()
{
    QFETCH(QString, url);
    const Result<QString> checked = checkedUrl(url, guardOf());
    QVERIFY2(checked, checked ? "" : qPrintable(checked.error().message));
    QTEST(*checked, "checked");
}

void TestAddressGuard::badUrls_data()
{
    QTest::addColumn<QString>("url");
    const QStringList urls{
        u""_s, u"api.openai.com/v1"_s, u"/v1"_s, u"ftp://a.example/v1"_s, u"file:///etc/passwd"_s,
        u"javascript:alert(1)"_s, u"http://"_s, u"http:///v1"_s, u"http://a b.example/"_s, u"http://a.example/\n"_s,
        u"http://a.example:0/"_s, u"http://a.example:99999/"_s, u"http://user@a.example/v1"_s,
        u"http://user:secret@a.example/v1"_s, u"http://@a.example/v1"_s, u"http://a.example/v1?x=1"_s,
        u"http://a.example/v1?"_s, u"http://a.example/v1#x"_s, u"http://169.254.169.254/latest"_s,
        u"http://[fe80::1]/"_s, u"http://[fd00:ec2::254]/"_s, u"http://[::ffff:169.254.169.254]/"_s,
        u"http://100.100.100.200/"_s, u"http://metadata.google.internal/"_s, u"http://METADATA.google.internal./"_s,
        u"http://0.0.0.0:8000/"_s, u"http://[::]:8000/"_s, u"http://224.0.0.1/"_s,
        // Other spellings of 169.254.169.254.
        u"http://2852039166/"_s, u"http://0xa9.0xfe.0xa9.0xfe/"_s, u"http://0251.0376.0251.0376/"_s,
        u"http://169.254.43518/"_s, u"http://a.example/"_s + QString(3000, u'x')};
    for (const QString &url : urls)
        QTest::newRow(qPrintable(url.left(60))) << url;
}

void TestAddressGuard::badUrls()
{
    QFETCH(QString, url);
    const Result<QString> checked = checkedUrl(url, guardOf());
    QVERIFY(!checked);
    QVERIFY(checked.error().code == ErrorCode::InvalidRequest);
    QCOMPARE(checked.error().param, u"url"_s);
    QVERIFY(!checked.error().message.contains("secret"_L1));
}

void TestAddressGuard::ownNames_data()
{
    QTest::addColumn<QString>("host");
    for (const QString &host :
         {u"127.0.0.1"_s, u"127.1"_s, u"localhost"_s, u"LOCALHOST."_s, u"x.localhost"_s, u"[::1]"_s,
          u"[::ffff:127.0.0.1]"_s, u"hearth.example"_s, u"Hearth.Example."_s, QSysInfo::machineHostName()})
        QTest::newRow(qPrintable(host)) << host;
}

void TestAddressGuard::ownNames()
{
    QFETCH(QString, host);
    const AddressGuard guard = guardOf(u"hearth.example"_s);
    const Result<QString> checked = checkedUrl(u"http://%1:%2/v1"_s.arg(host).arg(ownPort), guard);
    QVERIFY(!checked);
    QVERIFY2(checked.error().message.contains("this server itself"_L1), qPrintable(checked.error().message));
    QVERIFY(checkedUrl(u"http://%1:%2/v1"_s.arg(host).arg(ownPort + 1), guard));
}

QTEST_GUILESS_MAIN(TestAddressGuard)
#include "tst_addressguard.moc"
