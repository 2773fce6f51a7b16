#include "editorfixture.h"

#include <QFile>

using namespace hearth;

EditorFixture::EditorFixture(const QByteArray &more)
{
    QFile key(path(QStringLiteral("key")));
    const bool isMade = key.open(QIODevice::WriteOnly) && key.write("hk_test") > 0 &&
                        key.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    key.close();
    if (!isMade)
        qFatal("The key file of the test cannot be written.");
    m_head = "keyFile: " + QFile::encodeName(key.fileName()) + '\n';
    const Result<draft::ConfigDraft> draft =
        draft::ConfigDraft::fromText(m_head + more, QStringLiteral("publisher.yaml"));
    if (!draft)
        qFatal("%s", qPrintable(draft.error().message));
    editor = std::make_unique<fields::DraftEditor>(*draft, path(QStringLiteral("publisher.yaml")),
                                                   QProcessEnvironment(), clock);
}

void EditorFixture::judge()
{
    clock.advance(fields::DraftEditorSettings().judgeDelay);
}
