#include "preferencesdialog.h"

#include "agentpreferences.h"
#include "desktoppreferences.h"
#include "entrylist.h"
#include "foreignchange.h"
#include "generalpreferences.h"
#include "limitpreferences.h"
#include "modelpreferences.h"
#include "notificationpreferences.h"
#include "pausepreferences.h"
#include "revealing.h"
#include "scrolled.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace hearth::preferences {

using fields::DraftEditor;
using fields::Field;
using fields::NoteLine;
using fields::scrolled;

namespace {

/// The index of `llms[2].url` in `llms`; nothing for other keys.
std::optional<int> entryIndex(const QString &key, QLatin1String list)
{
    if (!key.startsWith(list + u'['))
        return std::nullopt;
    const qsizetype begin = list.size() + 1;
    return key.mid(begin, key.indexOf(u']') - begin).toInt();
}

/// Where somebody looks for a key that has no field of its own.
PreferencesDialog::Page pageOf(const QString &key)
{
    using Page = PreferencesDialog::Page;
    static constexpr std::array pages{
        std::pair{QLatin1String("llms"), Page::Models},
        std::pair{QLatin1String("agents"), Page::Agents},
        std::pair{QLatin1String("desktop.pause"), Page::Pause},
        std::pair{QLatin1String("desktop.notifications"), Page::Notifications},
        std::pair{QLatin1String("desktop"), Page::Desktop},
    };
    const auto found =
        std::ranges::find_if(pages, [&key](const auto &page) { return fields::isAtOrBelow(key, page.first); });
    return found == pages.end() ? Page::General : found->second;
}

} // namespace

struct PreferencesDialog::Private
{
    PreferencesDialog &q;
    PreferencesParts parts;
    DraftEditor editor;
    QListWidget *index;
    QStackedWidget *pages;
    ModelPreferences *models;
    AgentPreferences *agents;
    DesktopPreferences *desktop;
    ForeignChange *foreign;
    NoteLine *outcome;
    NoteLine *problems;
    QPushButton *jump;
    QDialogButtonBox *buttons;
    /// The one that is open; there is never a second one.
    QPointer<QMessageBox> question = nullptr;

    Private(PreferencesDialog &dialog, PreferencesParts given);

    // In the order of Page.
    void addPages();
    void addPage(QWidget *page, const QString &title, const char *themeIcon, QStyle::StandardPixmap fallback);
    void layOut();
    void connectButtons();

    bool isChanged() const { return editor.isChanged() || desktop->isChanged(); }

    void refresh();
    void jumpToProblem();
    /// Whether somebody else's change of the file waits for the owner's choice; brings him there.
    bool mustChooseFirst();
    /// Judges, asks where requests would end, saves.
    void requestSave(bool thenClose);
    void save(bool thenClose);
    QString wordsOfSuccess(bool isForPublisher) const;
    void reset();
    void ask(QMessageBox *box);
    void askBeforeReconnecting(int requests, bool thenClose);
    void askBeforeClosing();
    void close();
};

PreferencesDialog::Private::Private(PreferencesDialog &dialog, PreferencesParts given)
    : q(dialog)
    , parts(std::move(given))
    , editor(parts.draft, parts.configFile, parts.environment, parts.clock, {}, &q)
    , index(new QListWidget(&q))
    , pages(new QStackedWidget(&q))
    , models(new ModelPreferences(editor, parts.clock, parts.ports, &q))
    , agents(new AgentPreferences(editor, &q))
    , desktop(new DesktopPreferences(editor, parts.autostart, &q))
    , foreign(new ForeignChange(&q))
    , outcome(new NoteLine(&q))
    , problems(new NoteLine(&q))
    , jump(new QPushButton(tr("Sh&ow it"), &q))
    , buttons(new QDialogButtonBox(
          QDialogButtonBox::Save | QDialogButtonBox::Apply | QDialogButtonBox::Cancel | QDialogButtonBox::Reset, &q))
{
    addPages();
    layOut();
    connectButtons();
    refresh();
}

void PreferencesDialog::Private::addPages()
{
    const StoredKeyParts key{parts.keys, parts.clock, parts.configFile, parts.keyStored};
    addPage(scrolled(new GeneralPreferences(editor, key, &q)), tr("General"), "preferences-system",
            QStyle::SP_ComputerIcon);
    addPage(models, tr("Models"), "cpu", QStyle::SP_DriveHDIcon);
    addPage(agents, tr("Agents"), "system-users", QStyle::SP_FileDialogInfoView);
    addPage(scrolled(new LimitPreferences(editor, &q)), tr("Limits"), "preferences-system-time",
            QStyle::SP_BrowserReload);
    addPage(scrolled(new PausePreferences(editor, parts.runningPrograms, &q)), tr("Pause"), "media-playback-pause",
            QStyle::SP_BrowserStop);
    addPage(scrolled(new NotificationPreferences(editor, &q)), tr("Notifications"), "preferences-desktop-notification",
            QStyle::SP_MessageBoxInformation);
    addPage(scrolled(desktop), tr("Desktop"), "preferences-desktop", QStyle::SP_DesktopIcon);
}

void PreferencesDialog::Private::addPage(QWidget *page, const QString &title, const char *themeIcon,
                                         QStyle::StandardPixmap fallback)
{
    const QIcon icon = QIcon::fromTheme(QLatin1String(themeIcon), q.style()->standardIcon(fallback));
    index->addItem(new QListWidgetItem(icon, title));
    pages->addWidget(page);
}

void PreferencesDialog::Private::layOut()
{
    index->setObjectName(QStringLiteral("pages"));
    index->setAccessibleName(tr("Pages"));
    index->setIconSize(QSize(q.fontMetrics().height(), q.fontMetrics().height()));
    index->setSpacing(q.fontMetrics().height() / 6);
    index->setFixedWidth(index->sizeHintForColumn(0) + 3 * q.fontMetrics().height());
    jump->setObjectName(QStringLiteral("showProblem"));
    jump->setAccessibleDescription(tr("Goes to the first problem"));
    problems->setObjectName(QStringLiteral("problems"));
    outcome->setObjectName(QStringLiteral("outcome"));

    auto *middle = new QHBoxLayout;
    middle->addWidget(index);
    middle->addWidget(pages, 1);
    auto *problemRow = new QHBoxLayout;
    problemRow->addWidget(problems, 1);
    problemRow->addWidget(jump);
    auto *layout = new QVBoxLayout(&q);
    layout->addWidget(foreign);
    layout->addLayout(middle, 1);
    layout->addLayout(problemRow);
    layout->addWidget(outcome);
    layout->addWidget(buttons);
    q.resize(q.fontMetrics().averageCharWidth() * 156, q.fontMetrics().height() * 46);
}

void PreferencesDialog::Private::connectButtons()
{
    connect(index, &QListWidget::currentRowChanged, pages, &QStackedWidget::setCurrentIndex);
    connect(pages, &QStackedWidget::currentChanged, index, qOverload<int>(&QListWidget::setCurrentRow));
    connect(jump, &QPushButton::clicked, &q, [this] { jumpToProblem(); });
    connect(buttons->button(QDialogButtonBox::Save), &QPushButton::clicked, &q, [this] { requestSave(true); });
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, &q, [this] { requestSave(false); });
    connect(buttons->button(QDialogButtonBox::Reset), &QPushButton::clicked, &q, [this] { reset(); });
    connect(buttons, &QDialogButtonBox::rejected, &q, &PreferencesDialog::reject);
    connect(foreign, &ForeignChange::theirsChosen, &q, [this] { reset(); });
    connect(foreign, &ForeignChange::mineChosen, &q, [this] {
        foreign->hide();
        editor.keepTyped();
        refresh();
    });
    connect(&editor, &DraftEditor::edited, &q, [this] {
        outcome->clear();
        refresh();
    });
    connect(&editor, &DraftEditor::judged, &q, [this] { refresh(); });
    connect(desktop, &DesktopPreferences::edited, &q, [this] { refresh(); });
    index->setCurrentRow(0);
}

void PreferencesDialog::Private::refresh()
{
    const QList<ConfigProblem> &found = editor.problems();
    const bool canSave = found.isEmpty() && foreign->isHidden();
    buttons->button(QDialogButtonBox::Save)->setEnabled(canSave);
    buttons->button(QDialogButtonBox::Apply)->setEnabled(canSave && (editor.needsSaving() || desktop->isChanged()));
    buttons->button(QDialogButtonBox::Reset)->setEnabled(isChanged());
    jump->setVisible(!found.isEmpty());
    if (found.isEmpty())
        return problems->clear();
    const ConfigProblem &first = found.first();
    const QString words =
        tr("%n problem(s) to be mended before saving. The first is at %1: %2", nullptr, int(found.size()));
    problems->show(NoteLine::Kind::Problem, words.arg(first.key.isEmpty() ? first.place : first.key, first.what));
}

void PreferencesDialog::Private::jumpToProblem()
{
    if (editor.problems().isEmpty())
        return;
    const QString key = editor.problems().first().key;
    q.showPage(pageOf(key));
    if (const std::optional<int> llm = entryIndex(key, QLatin1String("llms")))
        models->entries().select(*llm);
    if (const std::optional<int> agent = entryIndex(key, QLatin1String("agents")))
        agents->entries().select(*agent);
    const QList<Field *> all = pages->findChildren<Field *>();
    const auto found = std::ranges::find_if(all, [&key](const Field *field) { return field->covers(key); });
    if (found != all.end())
        reveal(*(*found)->input());
}

bool PreferencesDialog::Private::mustChooseFirst()
{
    if (foreign->isHidden())
        return false;
    foreign->setFocus(Qt::OtherFocusReason);
    return true;
}

void PreferencesDialog::Private::requestSave(bool thenClose)
{
    if (mustChooseFirst())
        return;
    editor.judgeNow();
    if (!editor.problems().isEmpty())
        return jumpToProblem();
    if (const int requests = editor.isChanged() ? parts.requestsAtRisk(editor.draft()) : 0; requests > 0)
        return askBeforeReconnecting(requests, thenClose);
    save(thenClose);
}

void PreferencesDialog::Private::save(bool thenClose)
{
    // The file may have changed while somebody was asked.
    if (mustChooseFirst())
        return;
    const bool isForPublisher = editor.needsSaving();
    if (isForPublisher) {
        // Saving tells of the change by fileChanged(), too: the draft that is saved is the one that is shown.
        if (const Result<void> saved = parts.save(editor.draft()); !saved)
            return outcome->show(NoteLine::Kind::Problem, tr("Nothing has been saved. %1").arg(saved.error().message));
        editor.markSaved();
    }
    if (const Result<void> applied = desktop->apply(); !applied)
        return outcome->show(NoteLine::Kind::Problem, applied.error().message);
    if (thenClose)
        return q.accept();
    outcome->show(NoteLine::Kind::Success, wordsOfSuccess(isForPublisher));
    refresh();
}

QString PreferencesDialog::Private::wordsOfSuccess(bool isForPublisher) const
{
    const status::PublisherSnapshot now = parts.snapshot();
    if (isForPublisher && now.situation == status::Situation::Elsewhere)
        return tr("Saved. %1 (process %2) uses it after its next start.").arg(now.program).arg(now.processId);
    if (isForPublisher && now.situation == status::Situation::Nowhere)
        return tr("Saved. It is used as soon as something is published from here again.");
    return tr("Saved and applied.");
}

void PreferencesDialog::Private::reset()
{
    foreign->hide();
    desktop->reset();
    editor.reset();
}

void PreferencesDialog::Private::ask(QMessageBox *box)
{
    delete question;
    question = box;
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void PreferencesDialog::Private::askBeforeReconnecting(int requests, bool thenClose)
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Connect again?"),
                                tr("This change needs a new connection to the server, which ends %n running "
                                   "request(s). Save it now?",
                                   nullptr, requests),
                                QMessageBox::Cancel, &q);
    box->setObjectName(QStringLiteral("reconnectQuestion"));
    const QPushButton *go = box->addButton(tr("&Save and connect again"), QMessageBox::AcceptRole);
    connect(go, &QPushButton::clicked, &q, [this, thenClose] { save(thenClose); });
    ask(box);
}

void PreferencesDialog::Private::askBeforeClosing()
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                tr("Some changes have not been saved. Save them?"),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, &q);
    box->setObjectName(QStringLiteral("unsavedQuestion"));
    connect(box->button(QMessageBox::Save), &QPushButton::clicked, &q, [this] { requestSave(true); });
    connect(box->button(QMessageBox::Discard), &QPushButton::clicked, &q, [this] { close(); });
    ask(box);
}

void PreferencesDialog::Private::close()
{
    reset();
    q.QDialog::reject();
}

PreferencesDialog::PreferencesDialog(PreferencesParts parts, QWidget *parent)
    : QDialog(parent)
    , d(std::make_unique<Private>(*this, std::move(parts)))
{
    setWindowTitle(tr("Settings"));
}

PreferencesDialog::~PreferencesDialog()
{
    // Their editor goes with `d`, before the base class would delete them.
    qDeleteAll(findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
}

void PreferencesDialog::showPage(Page page)
{
    d->index->setCurrentRow(int(page));
}

void PreferencesDialog::showLlm(const QString &name)
{
    showPage(Page::Models);
    d->models->entries().selectName(name);
}

void PreferencesDialog::fileChanged(const draft::ConfigDraft &draft)
{
    const bool hadChanges = d->editor.isChanged();
    d->editor.setSaved(draft);
    if (!hadChanges)
        d->editor.reset();
    // What has been typed may have become what the file says, or the file what it was before.
    if (d->editor.draft().base() == draft.base())
        d->foreign->hide();
    else
        d->foreign->showChoice();
    d->refresh();
}

void PreferencesDialog::fileBroken(const QString &reason)
{
    d->foreign->showBroken(reason);
    d->refresh();
}

void PreferencesDialog::reject()
{
    if (d->isChanged())
        return d->askBeforeClosing();
    QDialog::reject();
}

} // namespace hearth::preferences
