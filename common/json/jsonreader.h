// JsonReader: reads the fields of one JSON object into typed variables, with limits.
//
// The codec of the control channel reads every message with it. Fields may come in any order, unknown ones are ignored,
// and the first thing that is wrong is remembered: a decoder reads all fields and asks error() once. What nobody reads
// is only skipped. One thread at a time.

#pragma once

#include "httpfields.h"
#include "result.h"

#include <QJsonObject>
#include <QStringList>

#include <concepts>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

namespace hearth::json {

/// The longest list, and the longest string in bytes, that a reader accepts where nothing tighter is said.
struct ReaderLimits
{
    qsizetype stringBytes = 256 * 1024;
    qsizetype listItems = 1024;
};

class JsonReader
{
public:
    /// Reads `text`, which must be exactly one JSON object.
    explicit JsonReader(const QByteArray &text, ReaderLimits limits = {});
    ~JsonReader();
    JsonReader(const JsonReader &) = delete;
    JsonReader &operator=(const JsonReader &) = delete;

    /// The first thing that was wrong, in words, or nothing.
    const std::optional<QString> &error() const { return m_error; }

    /// Required fields: a missing, null or ill-typed one is an error.
    void read(const char *name, QString &target);
    void read(const char *name, QByteArray &target);
    void read(const char *name, bool &target);
    void read(const char *name, QJsonObject &target);
    /// A list of pairs, name and value. Both are byte strings: each character, U+0000 to U+00FF, stands for one byte.
    void read(const char *name, HttpFields &target);

    /// A whole number from `lowest` to `highest`; by default whatever the type and maxExactInteger allow.
    template <std::integral Integer>

    requires(!std::same_as<Integer, bool>) void read(const char *name, Integer &target,
                                                     Integer lowest = lowestOf<Integer>,
                                                     Integer highest = highestOf<Integer>)
    {
        std::optional<qint64> number;
        readInteger(name, number, static_cast<qint64>(lowest), static_cast<qint64>(highest));
        if (number)
            target = static_cast<Integer>(*number);
        else
            fail(name, "is missing");
    }

    /// Optional fields: a missing one, or null, leaves `target` empty; an ill-typed one is an error.
    void read(const char *name, std::optional<QString> &target);
    void read(const char *name, std::optional<QJsonObject> &target);
    void read(const char *name, std::optional<int> &target);
    void read(const char *name, std::optional<bool> &target);

    /// Calls `item` for each object in the list `name`; a missing list is an empty one.
    void readList(const char *name, const std::function<void(JsonReader &)> &item);
    /// Calls `content` for the object `name`; returns false when there is none.
    bool readObject(const char *name, const std::function<void(JsonReader &)> &content);

    /// Remembers that a field was wrong, unless something was wrong before.
    void fail(const char *name, const char *what);

    /// Integers beyond 2^53 are not exact everywhere in JSON, so none is accepted.
    static constexpr qint64 maxExactInteger = (qint64{1} << 53) - 1;

private:
    struct Source;

    template <typename Integer>
    static constexpr Integer
        highestOf = static_cast<Integer>(sizeof(Integer) < 8 ? static_cast<qint64>(std::numeric_limits<Integer>::max())
                                                             : maxExactInteger);
    template <typename Integer>
    static constexpr Integer lowestOf = std::is_signed_v<Integer> ? static_cast<Integer>(-highestOf<Integer>)
                                                                  : Integer{0};

    JsonReader(std::unique_ptr<Source> source, ReaderLimits limits);
    void readInteger(const char *name, std::optional<qint64> &target, qint64 lowest, qint64 highest);
    bool readUtf8(const char *name, QByteArray &target);

    std::unique_ptr<Source> m_source;
    ReaderLimits m_limits;
    std::optional<QString> m_error;
};

} // namespace hearth::json
