// ScriptedTerminal: a person who answers as the test has written down. Test's thread.

#pragma once

#include "terminal.h"

#include <QStringList>

class ScriptedTerminal final : public hearth::headless::Terminal
{
public:
    bool isInteractive() const override { return isPerson; }

    std::optional<QString> ask(const QString &question) override
    {
        questions.append(question);
        return answers.isEmpty() ? std::nullopt : std::optional(answers.takeFirst());
    }

    std::optional<QByteArray> askSecret(const QString &question) override
    {
        questions.append(question);
        return secrets.isEmpty() ? std::nullopt : std::optional(secrets.takeFirst());
    }

    void say(const QString &line) override { said.append(line); }

    void note(const QString &line) override { notes.append(line); }

    /// All that was said, to be looked through.
    QString text() const { return said.join(u'\n'); }

    bool isPerson = true;
    /// Taken from the front; the input ends with them.
    QStringList answers;
    QList<QByteArray> secrets;
    QStringList questions;
    QStringList said;
    QStringList notes;
};
