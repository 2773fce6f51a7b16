// InferRequest: one model request on its way to a backend.
//
// Made by the api from an HTTP request, kept by the RelayTask until it has been answered. The body is kept once, as it
// came, with the places of what differs from Llm to Llm; each attempt splices the backend's own name for the model, and
// where it is wanted the question for the usage, into the bytes that go out. A plain value.

#pragma once

#include "httpfields.h"
#include "llm.h"
#include "objectscan.h"
#include "relaysettings.h"
#include "usagerequest.h"

#include <QByteArray>
#include <QString>
#include <QVarLengthArray>

#include <optional>

namespace hearth::relay {

/// A body as it goes out: parts of the original, and what was put between them. It shares the original's bytes.
class BodyPieces
{
public:
    struct Piece
    {
        /// Keeps the bytes alive.
        QByteArray source;
        QByteArrayView bytes;
    };

    BodyPieces() = default;

    explicit BodyPieces(const QByteArray &whole) { append(whole, whole); }

    void append(const QByteArray &source, QByteArrayView bytes);

    auto begin() const { return m_pieces.begin(); }

    auto end() const { return m_pieces.end(); }

    qint64 size() const { return m_size; }

    /// A copy in one piece.
    QByteArray joined() const;

private:
    /// Two edits and what stands around them.
    QVarLengthArray<Piece, 5> m_pieces;
    qint64 m_size = 0;
};

/// Whether a backend is asked for the usage of a stream whose client did not ask.
enum class UsageEdit { Leave, Apply };

class RequestBody
{
public:
    RequestBody() = default;

    /// A body whose `model` value is at `model`.
    static RequestBody withModelAt(QByteArray bytes, json::Span model);
    /// A body without a model: one is inserted as the first member, `firstMember` being the place behind the brace.
    static RequestBody withoutModel(QByteArray bytes, qsizetype firstMember, bool emptyObject);

    /// `edit` asks for the usage; its place is not that of the model.
    void setUsageEdit(std::optional<metering::BodyEdit> edit) { m_usageEdit = std::move(edit); }

    bool hasUsageEdit() const { return m_usageEdit.has_value(); }

    /// The body with `model` in its place. UsageEdit::Apply means nothing to a body that has no such edit.
    BodyPieces spliced(const QString &model, UsageEdit usage = UsageEdit::Leave) const;

    qsizetype originalSize() const { return m_bytes.size(); }

private:
    enum class ModelEdit { Replace, InsertOnly, InsertBefore };

    QByteArray modelText(const QString &model) const;

    QByteArray m_bytes;
    json::Span m_modelPlace;
    ModelEdit m_modelEdit = ModelEdit::Replace;
    std::optional<metering::BodyEdit> m_usageEdit;
};

struct InferRequest
{
    /// The model as the client named it.
    QString model;
    /// Below `/v1`, for example `/chat/completions`.
    QByteArray path;
    /// Without the question mark.
    QByteArray query = {};
    /// Only fields that may reach a backend.
    HttpFields fields = {};
    RequestBody body = {};
    /// Tells the conversation that it goes on with; nothing where that cannot be told, or does not matter.
    std::optional<quint64> conversation = std::nullopt;
    /// Who asks is not to see the usage chunk that the body's edit asks for.
    bool hidesUsage = true;
    /// The deadlines of whoever answers it, RelaySettings::firstByte and idle: the relay sets those that hold when it
    /// is submitted.
    Duration firstByte = RelaySettings().firstByte;
    Duration idle = RelaySettings().idle;

    /// Whether `llm` is asked for a usage chunk that the client has not asked for.
    bool addsUsageFor(const domain::Llm &llm) const { return llm.streamUsage && body.hasUsageEdit(); }

    /// The body as `llm` gets it.
    BodyPieces bodyFor(const domain::Llm &llm) const
    {
        return body.spliced(llm.model, addsUsageFor(llm) ? UsageEdit::Apply : UsageEdit::Leave);
    }
};

} // namespace hearth::relay
