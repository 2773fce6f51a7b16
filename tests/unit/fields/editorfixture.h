// EditorFixture: a DraftEditor on a configuration that is in order but for what the test puts there.
//
// Time stands still until the test lets the draft be judged. Test's thread.

#pragma once

#include "drafteditor.h"

#include <QTemporaryDir>

#include <memory>

class EditorFixture
{
public:
    /// `more` stands below the line of the key file.
    explicit EditorFixture(const QByteArray &more = {});

    /// Waits until what was typed has been judged.
    void judge();

    QByteArray text() const { return editor->draft().text(); }

    /// What stands below the line of the key file now.
    QByteArray more() const { return text().sliced(m_head.size()); }

    QString path(const QString &name) const { return m_directory.filePath(name); }

    hearth::FakeClock clock;
    std::unique_ptr<hearth::fields::DraftEditor> editor;

private:
    QTemporaryDir m_directory;
    QByteArray m_head;
};
