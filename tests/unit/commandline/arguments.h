// Arguments: argc and argv for a parser under test.

#pragma once

#include <QByteArrayList>
#include <QString>

#include <vector>

namespace hearth::testing {

class Arguments final
{
public:
    /// Words that are separated by spaces, with the program's name first; `''` is an empty word.
    explicit Arguments(const QByteArray &words)
        : m_words(words.split(' '))
    {
        for (QByteArray &word : m_words) {
            if (word == "''")
                word.clear();
            m_pointers.push_back(word.data());
        }
    }
    Q_DISABLE_COPY_MOVE(Arguments)

    int count() const { return static_cast<int>(m_pointers.size()); }

    char **values() { return m_pointers.data(); }

private:
    QByteArrayList m_words;
    std::vector<char *> m_pointers;
};

} // namespace hearth::testing
