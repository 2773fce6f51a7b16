// Result<T>: the value of an operation, or the Error that explains why there is none.
//
// Every expected failure in Hearth is returned this way, with one enumeration of codes for the whole house. Exceptions
// from libraries are caught where they arise and never cross a room. Programmer errors are assertions, not Results.
// The types are plain values without thread affinity.

#pragma once

#include "errorcode.h"

#include <QString>

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace hearth {

/// Why something failed, in a form that can be shown to a person and mapped to an HTTP status.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    /// A complete sentence that says what is wrong and, where possible, what to do. Never contains a secret.
    QString message;
    /// The request field or setting that is at fault; empty where none is.
    QString param = {};
    /// When trying again makes sense. Only codes that are sent with `Retry-After` carry it.
    std::optional<std::chrono::seconds> retryAfter = std::nullopt;

    friend bool operator==(const Error &, const Error &) = default;
};

template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {}

    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {}

    bool ok() const { return m_state.index() == 0; }

    explicit operator bool() const { return ok(); }

    /// The value; calling this on a failure is a programmer error.
    T &value() &
    {
        Q_ASSERT(ok());
        return *std::get_if<0>(&m_state);
    }

    const T &value() const &
    {
        Q_ASSERT(ok());
        return *std::get_if<0>(&m_state);
    }

    T &&value() &&
    {
        Q_ASSERT(ok());
        return std::move(*std::get_if<0>(&m_state));
    }

    T &operator*() & { return value(); }

    const T &operator*() const & { return value(); }

    T *operator->() { return &value(); }

    const T *operator->() const { return &value(); }

    /// The error; calling this on a success is a programmer error.
    const Error &error() const
    {
        Q_ASSERT(!ok());
        return *std::get_if<1>(&m_state);
    }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;

    Result(Error error)
        : m_error(std::move(error))
    {}

    bool ok() const { return !m_error.has_value(); }

    explicit operator bool() const { return ok(); }

    const Error &error() const
    {
        Q_ASSERT(!ok());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace hearth
