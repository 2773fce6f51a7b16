// SetupState: what the pages of the wizard work on together.
//
// SetupWizard owns it; pages read and write it as they are left. The draft that is being made is the editor's; nothing
// of it is outside of this process until SetupSaver has saved it. Main thread.

#pragma once

#include "drafteditor.h"
#include "httpclient.h"
#include "setupchoices.h"
#include "setupwizard.h"

#include <QHash>

namespace hearth::setup {

struct SetupState
{
    explicit SetupState(SetupParts theParts);

    QUrl server() const;
    QString caFile() const;

    /// The key that requests are made with; empty when nobody knows it.
    const QByteArray &usedKey() const { return key.isEmpty() ? storedKey : key; }

    /// What is published, in the order of the file.
    std::vector<ModelChoice> published() const;

    SetupParts parts;
    fields::DraftEditor editor;
    httpclient::HttpClient client;
    /// What was typed; empty when the stored one stays.
    QByteArray key;
    /// What the configuration has already; empty when there is none, or it cannot be read.
    QByteArray storedKey;
    /// Keys of backends that were typed, by backendAt() of their URL. Where there is one, it gets a file.
    QHash<QString, QByteArray> backendKeys;
    bool startsWithDesktop = false;
    /// What a person should know of the latest save.
    QString notice;
};

} // namespace hearth::setup
