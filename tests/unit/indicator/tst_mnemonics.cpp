// Alt and a letter mean one thing at a time: on every page of the settings and of the wizard, in every language.

#include "backendpicker.h"
#include "dialogfixture.h"
#include "entrylist.h"
#include "keyreplacement.h"
#include "translations.h"
#include "wizardfixture.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QGroupBox>
#include <QKeySequence>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTranslator>
#include <QtTest>

using namespace hearth;
using preferences::PreferencesDialog;
using setup::SetupWizard;

namespace {

const QByteArray configuration = "llms:\n"
                                 "  - name: a\n"
                                 "    url: http://127.0.0.1:1/v1\n"
                                 "    publish: true\n"
                                 "    wake: {type: http, url: 'http://127.0.0.1:2/'}\n"
                                 "    sleep: {type: command, command: /bin/true}\n"
                                 "  - name: b\n"
                                 "    url: http://127.0.0.1:3/v1\n"
                                 "    publish: true\n"
                                 "    wake: {type: command, command: /bin/true}\n"
                                 "    sleep: {type: http, url: 'http://127.0.0.1:2/'}\n"
                                 "agents:\n"
                                 "  - {name: c, llm: a}\n";

/// What stands in this widget for a letter that is pressed with Alt.
QStringList textsOf(const QWidget &widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        return label->buddy() ? QStringList(label->text()) : QStringList();
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        return {button->text()};
    if (const auto *group = qobject_cast<const QGroupBox *>(&widget))
        return {group->title()};
    QStringList texts;
    if (const auto *tabs = qobject_cast<const QTabBar *>(&widget)) {
        for (int i = 0; i < tabs->count(); ++i)
            texts.append(tabs->tabText(i));
    }
    return texts;
}

/// Those that share a letter, of all that can be seen in this window and of `more`.
QByteArray collisions(const QWidget &window, QStringList more = {})
{
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->window() == &window)
            more += textsOf(*widget);
    }
    QMap<QString, QStringList> owners;
    for (const QString &text : std::as_const(more))
        owners[QKeySequence::mnemonic(text).toString()].append(text);
    owners.remove({});
    QStringList found;
    for (const QStringList &texts : std::as_const(owners)) {
        if (texts.size() > 1)
            found.append(texts.join(QStringLiteral(" / ")));
    }
    return found.join(QStringLiteral("; ")).toUtf8();
}

} // namespace

class TestMnemonics final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void cleanup() { qDeleteAll(qApp->findChildren<QTranslator *>()); }

    void settings_data() { languages(); }

    void settings();

    void dialogsOfTheSettings_data() { languages(); }

    void dialogsOfTheSettings();

    void wizard_data();
    void wizard();

private:
    static void languages();
};

void TestMnemonics::languages()
{
    QTest::addColumn<QLocale>("locale");
    QTest::newRow("German") << QLocale(QLocale::German);
    QTest::newRow("English") << QLocale(QLocale::English);
}

void TestMnemonics::settings()
{
    QFETCH(const QLocale, locale);
    tray::installTranslations(*qApp, locale);
    DialogFixture fixture(configuration);
    // With everything that is there only now and then: the bar about the file, and the way to a problem.
    fixture.type(QStringLiteral("name"), QString(300, u'x'));
    fixture.type(QStringLiteral("llms[0].url"), QStringLiteral("nowhere"));
    fixture.judge();
    fixture.dialog.fileChanged(fixture.changedFile(QStringLiteral("name"), QStringLiteral("theirs")));
    QVERIFY(fixture.button(QStringLiteral("showProblem"))->isVisible());
    QVERIFY(fixture.button(QStringLiteral("keepMine"))->isVisible());
    QStringList found;
    const auto look = [&](const QString &place) {
        if (const QByteArray shared = collisions(fixture.dialog); !shared.isEmpty())
            found.append(place + QStringLiteral(": ") + QString::fromUtf8(shared));
    };
    for (int page = 0; page <= int(PreferencesDialog::Page::Desktop); ++page) {
        fixture.dialog.showPage(PreferencesDialog::Page(page));
        if (PreferencesDialog::Page(page) != PreferencesDialog::Page::Models) {
            look(QStringLiteral("page %1").arg(page));
            continue;
        }
        for (const QString &llm : {QStringLiteral("a"), QStringLiteral("b")}) {
            fixture.dialog.showLlm(llm);
            auto *tabs = fixture.dialog.findChild<QTabWidget *>();
            for (int tab = 0; tab < tabs->count(); ++tab) {
                tabs->setCurrentIndex(tab);
                look(QStringLiteral("model %1, tab %2").arg(llm, tabs->tabText(tab)));
            }
        }
    }
    QVERIFY2(found.isEmpty(), found.join(u'\n').toUtf8());
    QVERIFY(!collisions(fixture.dialog, {fixture.button(QStringLiteral("showProblem"))->text()}).isEmpty());
}

void TestMnemonics::dialogsOfTheSettings()
{
    QFETCH(const QLocale, locale);
    tray::installTranslations(*qApp, locale);
    const DialogFixture fixture(configuration);
    fixture.button(QStringLiteral("replaceKey"))->click();
    const auto *replacement = fixture.dialog.findChild<preferences::KeyReplacement *>();
    QVERIFY(replacement->isVisible());
    QCOMPARE(collisions(*replacement), QByteArray());
    fixture.button(QStringLiteral("findBackend"))->click();
    const auto *picker = fixture.dialog.findChild<preferences::BackendPicker *>();
    QVERIFY(picker->isVisible());
    QCOMPARE(collisions(*picker), QByteArray());
}

void TestMnemonics::wizard_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<int>("page");
    for (int page = SetupWizard::Welcome; page <= SetupWizard::LiveTest; ++page) {
        QTest::addRow("page %d in German", page) << QLocale(QLocale::German) << page;
        QTest::addRow("page %d in English", page) << QLocale(QLocale::English) << page;
    }
}

void TestMnemonics::wizard()
{
    QFETCH(const QLocale, locale);
    QFETCH(const int, page);
    tray::installTranslations(*qApp, locale);
    WizardFixture fixture;
    const QByteArray head = "server: https://127.0.0.1:9\ncaFile: /nowhere\nkeyFile: /nowhere\n";
    const auto draft = draft::ConfigDraft::fromText(head + configuration, QStringLiteral("publisher.yaml"));
    QVERIFY(draft);
    fixture.draft = *draft;
    fixture.open(SetupWizard::Page(page));
    // The first page, which this one is now, has no way back.
    QStringList back;
    if (page != SetupWizard::Welcome)
        back.append(fixture.wizard->buttonText(QWizard::BackButton));
    QCOMPARE(collisions(*fixture.wizard, back), QByteArray());
    if (page == SetupWizard::Wake) {
        auto &backend = fixture.input<QComboBox>("backend");
        QVERIFY(backend.isVisible());
        backend.setCurrentIndex(1);
        QCOMPARE(collisions(*fixture.wizard, back), QByteArray());
    }
    if (page == SetupWizard::Models) {
        fixture.input<QPushButton>("addByAddress").click();
        const auto *dialog = fixture.wizard->findChild<QDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(collisions(*dialog), QByteArray());
    }
}

QTEST_MAIN(TestMnemonics)
#include "tst_mnemonics.moc"
