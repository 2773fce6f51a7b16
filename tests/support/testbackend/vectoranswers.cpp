// The answers that are numbers: /v1/embeddings and /v1/rerank. Equal inputs get equal vectors and scores.

#include "answers.h"
#include "orderedjson.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace hearth::testbackend {

namespace {

constexpr qint64 defaultDimensions = 64;
constexpr qint64 maxDimensions = 8192;

/// The shortest text that reads back as the same number.
QByteArray numberText(float number)
{
    std::array<char, 32> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    Q_ASSERT(error == std::errc());
    return QByteArray(buffer.data(), end - buffer.data());
}

/// A vector of length 1 that depends on nothing but `input`.
std::vector<float> embeddingOf(const QByteArray &input, qint64 dimensions)
{
    const QByteArray digest = QCryptographicHash::hash(input, QCryptographicHash::Sha256);
    // The engine's sequence is laid down by the standard; the distributions are not, so they are not used.
    std::mt19937_64 engine(qFromBigEndian<quint64>(digest.constData()));
    std::vector<float> vector(static_cast<size_t>(dimensions));
    double squares = 0;
    for (float &element : vector) {
        element = static_cast<float>(engine() >> 40) / static_cast<float>(1 << 23) - 1.0F;
        squares += static_cast<double>(element) * static_cast<double>(element);
    }
    const float length = static_cast<float>(std::max(std::sqrt(squares), 1e-9));
    for (float &element : vector)
        element /= length;
    return vector;
}

/// As base64 of little-endian float32, which is what SDKs ask for by default, or as an array.
QByteArray embeddingAsJson(const std::vector<float> &vector, bool base64)
{
    if (!base64) {
        QByteArrayList numbers;
        for (const float element : vector)
            numbers.append(numberText(element));
        return arrayOf(numbers);
    }
    QByteArray bytes(static_cast<qsizetype>(vector.size() * sizeof(float)), Qt::Uninitialized);
    qToLittleEndian<float>(vector.data(), static_cast<qsizetype>(vector.size()), bytes.data());
    return quoted(bytes.toBase64());
}

/// The inputs of an embedding: a text, texts, the tokens of one text, or the tokens of several.
QByteArrayList embeddingInputs(const QJsonValue &input)
{
    if (!input.isArray())
        return {input.toString().toUtf8()};
    const QJsonArray array = input.toArray();
    if (!array.isEmpty() && array.first().isDouble())
        return {QJsonDocument(array).toJson(QJsonDocument::Compact)};
    QByteArrayList inputs;
    for (const QJsonValue &element : array) {
        inputs.append(element.isArray() ? QJsonDocument(element.toArray()).toJson(QJsonDocument::Compact)
                                        : element.toString().toUtf8());
    }
    return inputs;
}

struct RankedDocument
{
    qint64 index = 0;
    QByteArray text;
    float score = 0;
};

std::set<QByteArray> wordsOf(const QByteArray &text)
{
    const QByteArrayList words = text.toLower().simplified().split(' ');
    return std::set<QByteArray>(words.begin(), words.end());
}

/// The share of the query's words that the document has.
float relevance(const std::set<QByteArray> &query, const QByteArray &document)
{
    const std::set<QByteArray> words = wordsOf(document);
    const auto shared =
        std::count_if(query.begin(), query.end(), [&](const auto &word) { return words.contains(word); });
    return static_cast<float>(shared) / static_cast<float>(std::max<size_t>(query.size(), 1));
}

/// The best first; documents of the same score keep their order.
std::vector<RankedDocument> rankedDocuments(const QByteArray &query, const QJsonArray &documents)
{
    const std::set<QByteArray> words = wordsOf(query);
    std::vector<RankedDocument> ranked;
    for (const QJsonValue &document : documents) {
        const QByteArray text = (document.isString() ? document : document[QLatin1String("text")]).toString().toUtf8();
        ranked.push_back({static_cast<qint64>(ranked.size()), text, relevance(words, text)});
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto &a, const auto &b) { return a.score > b.score; });
    return ranked;
}

} // namespace

Answer embeddingsAnswer(const ModelRequest &request)
{
    const qint64 wanted = request.json[QLatin1String("dimensions")].toInteger(defaultDimensions);
    const qint64 dimensions = std::clamp<qint64>(wanted, 1, maxDimensions);
    const bool base64 = request.json[QLatin1String("encoding_format")] == QLatin1String("base64");
    QByteArrayList entries;
    const QByteArrayList inputs = embeddingInputs(request.json[QLatin1String("input")]);
    for (const QByteArray &input : inputs) {
        entries.append(OrderedJson()
                           .text("object", "embedding")
                           .number("index", entries.size())
                           .raw("embedding", embeddingAsJson(embeddingOf(input, dimensions), base64))
                           .toJson());
    }
    const qint64 tokens = request.prompt.tokens;
    const QByteArray usage = OrderedJson().number("prompt_tokens", tokens).number("total_tokens", tokens).toJson();
    OrderedJson json;
    json.text("object", "list").raw("data", arrayOf(entries)).text("model", request.model).raw("usage", usage);
    return wholeAnswer(200, json.toJson());
}

Answer rerankAnswer(const ModelRequest &request)
{
    const QByteArray query = request.json[QLatin1String("query")].toString().toUtf8();
    const auto ranked = rankedDocuments(query, request.json[QLatin1String("documents")].toArray());
    const auto wanted = request.json[QLatin1String("top_n")].toInteger(static_cast<qint64>(ranked.size()));
    QByteArrayList results;
    for (const RankedDocument &document : ranked) {
        if (results.size() >= wanted)
            break;
        results.append(OrderedJson()
                           .number("index", document.index)
                           .raw("document", OrderedJson().text("text", document.text).toJson())
                           .raw("relevance_score", numberText(document.score))
                           .toJson());
    }
    const QByteArray usage = OrderedJson().number("total_tokens", request.prompt.tokens).toJson();
    OrderedJson json;
    json.text("id", QByteArray("rerank-" + request.id)).text("model", request.model).raw("usage", usage);
    return wholeAnswer(200, json.raw("results", arrayOf(results)).toJson());
}

} // namespace hearth::testbackend
