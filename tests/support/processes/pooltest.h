// PoolTest: what the tests of many boxes at one server have in common.
//
// A StackTest whose stack has a server and keys only; the boxes are added. Also what such tests ask the server: its
// metrics, its usage, and what it would do with a request.

#pragma once

#include "box.h"
#include "stacktest.h"

namespace hearth::testsupport {

class PoolTest : public StackTest
{
    Q_OBJECT

protected:
    /// The pool of all boxes that do not say otherwise.
    static constexpr char poolName[] = "test-pool";

    /// Makes a stack with a server and the boxes. Fails the test, and returns false, when they do not come up.
    bool startBoxes(const QList<BoxSettings> &boxes, const QMap<QString, QString> &serverSettings = {});

    Box &box(size_t index) { return *m_boxes.at(index); }

    /// The one whose Llm has this name, as `x-hearth-llm` tells it.
    Box &boxOf(const QByteArray &llm);

    /// A chat completion of the pool with one of the stack's keys; `members` replace what is in the body.
    HttpRequest ask(const QJsonObject &members = {}, const QByteArray &keyName = "client") const;
    HttpRequest askStreamed(QJsonObject members = {}, const QByteArray &keyName = "client") const;

    /// A request with the key `admin` and this body; its answer.
    std::unique_ptr<HttpCall> administer(const QByteArray &method, const QByteArray &target,
                                         const QJsonObject &body) const;

    /// What all backends were asked, in the order in which they began.
    QList<QJsonObject> begun() const;
    /// `GET /api/v1/route`.
    QJsonObject route(const QByteArray &model = poolName) const;
    int waiting(const QByteArray &model = poolName) const;
    /// The value of a sample, named with its labels as Prometheus' text has it; 0 where there is none.
    double metric(const QByteArray &sample) const;
    /// A column of `GET /api/v1/usage`, added up over all rows of this key.
    qint64 usage(const char *column, const QByteArray &keyName = "client") const;

protected Q_SLOTS:
    void cleanup();

private:
    std::vector<std::unique_ptr<Box>> m_boxes;
};

/// As many boxes, named `box-1` and so on.
QList<BoxSettings> equalBoxes(int count, const BoxSettings &settings = {});

/// A prompt by which its answer is recognised.
QJsonObject prompt(const QByteArray &words);

/// What the model has said, put together where it was streamed.
QByteArray saidIn(const HttpCall &answer);

} // namespace hearth::testsupport
