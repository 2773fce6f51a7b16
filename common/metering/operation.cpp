#include "operation.h"

#include <array>

namespace hearth::metering {

namespace {

struct Row
{
    QByteArrayView path;
    Operation operation;
};

constexpr std::array rows{
    Row{"/chat/completions", Operation::Chat}, Row{"/completions", Operation::TextCompletion},
    Row{"/embeddings", Operation::Embeddings}, Row{"/responses", Operation::Responses},
    Row{"/rerank", Operation::Rerank},         Row{"/messages", Operation::Messages},
};

} // namespace

QLatin1String toString(Operation operation)
{
    switch (operation) {
    case Operation::Chat:
        return QLatin1String("chat");
    case Operation::TextCompletion:
        return QLatin1String("text_completion");
    case Operation::Embeddings:
        return QLatin1String("embeddings");
    case Operation::Responses:
        return QLatin1String("responses");
    case Operation::Rerank:
        return QLatin1String("rerank");
    case Operation::Messages:
        return QLatin1String("messages");
    }
    Q_UNREACHABLE();
}

Operation operationOf(QByteArrayView path)
{
    for (const Row &row : rows) {
        if (row.path == path)
            return row.operation;
    }
    Q_UNREACHABLE();
}

} // namespace hearth::metering
