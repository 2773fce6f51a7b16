// What a model is asked for, by its route.

#include "operation.h"

#include <QTest>

using namespace hearth::metering;

class TestOperation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofARoute_data();
    void ofARoute();
};

void TestOperation::ofARoute_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("name");

    const auto row = [](const char *path, const char *name) {
        QTest::newRow(path) << QByteArray(path) << QByteArray(name);
    };
    row("/chat/completions", "chat");
    row("/completions", "text_completion");
    row("/embeddings", "embeddings");
    row("/responses", "responses");
    row("/rerank", "rerank");
    row("/messages", "messages");
}

void TestOperation::ofARoute()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, name);
    QCOMPARE(QByteArray(toString(operationOf(path)).data()), name);
}

QTEST_GUILESS_MAIN(TestOperation)
#include "tst_operation.moc"
