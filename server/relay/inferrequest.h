// InferRequest: one model request on its way to a backend.
//
// Made by the api from an HTTP request, kept by the RelayTask until it has been answered. The body is kept once, as it
// came, with the place of its model value; each attempt splices the backend's own name for the model into the bytes
// that go out. A plain value.

#pragma once

#include "httpfields.h"
#include "objectscan.h"

#include <QByteArray>
#include <QString>

namespace hearth::relay {

class RequestBody
{
public:
    RequestBody() = default;

    /// A body whose `model` value is at `model`.
    static RequestBody withModelAt(QByteArray bytes, json::Span model);
    /// A body without a model: one is inserted as the first member, `firstMember` being the place behind the brace.
    static RequestBody withoutModel(QByteArray bytes, qsizetype firstMember, bool emptyObject);

    /// The three pieces that make up the body with `model` in its place; the outer ones are parts of the original.
    struct Pieces
    {
        QByteArray original;
        QByteArrayView before;
        QByteArray model;
        QByteArrayView after;

        qint64 size() const { return before.size() + model.size() + after.size(); }
    };

    Pieces spliced(const QString &model) const;

    qsizetype originalSize() const { return m_bytes.size(); }

private:
    enum class Edit { Replace, InsertOnly, InsertBefore };

    QByteArray m_bytes;
    json::Span m_place;
    Edit m_edit = Edit::Replace;
};

struct InferRequest
{
    /// The model as the client named it.
    QString model;
    /// Below `/v1`, for example `/chat/completions`.
    QByteArray path;
    /// Without the question mark.
    QByteArray query;
    /// Only fields that may reach a backend.
    HttpFields fields;
    RequestBody body;
};

} // namespace hearth::relay
