// What the codecs of single messages are made of: the spelling of enumerations and the Codec template.
//
// For codec.cpp and the two headers with its specialisations; nobody else includes it.

#pragma once

#include "jsonreader.h"
#include "jsonwriter.h"

#include <array>
#include <optional>

namespace hearth::channel {

using json::JsonReader;
using json::JsonWriter;

template <typename Enum>
struct Spelling
{
    Enum value;
    QLatin1String text;
};

template <typename Enum, size_t Count>
QLatin1String spell(const std::array<Spelling<Enum>, Count> &spellings, Enum value)
{
    for (const auto &spelling : spellings) {
        if (spelling.value == value)
            return spelling.text;
    }
    Q_UNREACHABLE();
}

/// The value that is spelled `text`; nothing for a spelling that this version does not know.
template <typename Enum, size_t Count>
std::optional<Enum> parse(const std::array<Spelling<Enum>, Count> &spellings, const QString &text)
{
    for (const auto &spelling : spellings) {
        if (spelling.text == text)
            return spelling.value;
    }
    return std::nullopt;
}

template <typename Enum, size_t Count>
void readEnum(JsonReader &reader, const char *name, const std::array<Spelling<Enum>, Count> &spellings, Enum &target)
{
    QString text;
    reader.read(name, text);
    if (const auto value = parse(spellings, text))
        target = *value;
    else
        reader.fail(name, "has an unknown value");
}

template <typename Enum, size_t Count>
void readOptionalEnum(JsonReader &reader, const char *name, const std::array<Spelling<Enum>, Count> &spellings,
                      Enum &target)
{
    std::optional<QString> text;
    reader.read(name, text);
    if (!text)
        return;
    if (const auto value = parse(spellings, *text))
        target = *value;
    else
        reader.fail(name, "has an unknown value");
}

template <typename T>
void writeOptional(JsonWriter &writer, QLatin1String name, const std::optional<T> &value)
{
    if (value)
        writer.field(name, *value);
}

/// The wire name of a message, and how its fields are written and read.
template <typename M>
struct Codec;

} // namespace hearth::channel
