// The catalogues as the program loads them: German is German, and everybody else gets proper plurals. Whether they are
// complete is lint_translations' business.

#include "recordingcontrol.h"
#include "translations.h"
#include "traymenu.h"
#include "windowscene.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLibraryInfo>
#include <QPushButton>
#include <QTableView>
#include <QTranslator>
#include <QtTest>

using namespace hearth;

namespace {

status::PublisherSnapshot online(int models)
{
    status::PublisherSnapshot snapshot{.situation = status::Situation::Here,
                                       .state = publisher::ConnectionState::Online};
    for (int i = 0; i < models; ++i)
        snapshot.llms.push_back({.name = QStringLiteral("model"), .isPublished = true});
    return snapshot;
}

} // namespace

class TestTranslations final : public QObject
{
    Q_OBJECT

private:
    static void languages()
    {
        QTest::addColumn<QLocale>("locale");
        QTest::newRow("German") << QLocale(QLocale::German);
        QTest::newRow("English") << QLocale(QLocale::English);
    }

private Q_SLOTS:

    void cleanup() { qDeleteAll(qApp->findChildren<QTranslator *>()); }

    void speaks_data()
    {
        QTest::addColumn<QLocale>("locale");
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("three");
        const QString oneModel = QStringLiteral("1 model,");
        const QString threeModels = QStringLiteral("3 models,");
        QTest::newRow("German") << QLocale(QLocale::German) << QStringLiteral("1 Modell,")
                                << QStringLiteral("3 Modelle,");
        QTest::newRow("Austrian") << QLocale(QLocale::German, QLocale::Austria) << QStringLiteral("1 Modell,")
                                  << QStringLiteral("3 Modelle,");
        QTest::newRow("English") << QLocale(QLocale::English) << oneModel << threeModels;
        QTest::newRow("language without a catalogue") << QLocale(QLocale::Icelandic) << oneModel << threeModels;
        QTest::newRow("no language") << QLocale::c() << oneModel << threeModels;
    }

    void speaks()
    {
        QFETCH(const QLocale, locale);
        QFETCH(const QString, one);
        QFETCH(const QString, three);
        tray::installTranslations(*qApp, locale);
        using board::StatusWords;
        QVERIFY2(StatusWords::summary(online(1)).contains(one), qPrintable(StatusWords::summary(online(1))));
        QVERIFY2(StatusWords::summary(online(3)).contains(three), qPrintable(StatusWords::summary(online(3))));
    }

    void translatesTheButtonsOfQt()
    {
        if (!QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + QStringLiteral("/qtbase_de.qm")))
            QSKIP("Qt's own catalogues are not installed.");
        tray::installTranslations(*qApp, QLocale(QLocale::German));
        const QDialogButtonBox box(QDialogButtonBox::Cancel);
        QCOMPARE(box.button(QDialogButtonBox::Cancel)->text(), QStringLiteral("Abbrechen"));
    }

    void showsTheWholeTableOfModels_data() { languages(); }

    void showsTheWholeTableOfModels()
    {
        QFETCH(const QLocale, locale);
        tray::installTranslations(*qApp, locale);
        window::WindowScene scene(board::wakingSnapshot());
        scene.show();
        const auto &table = scene.find<QTableView>("models");
        const QHeaderView &header = *table.horizontalHeader();
        QVERIFY2(header.length() <= table.viewport()->width(), qPrintable(QString::number(header.length())));
        for (int column = 0; column < header.count(); ++column) {
            const QString title = table.model()->headerData(column, Qt::Horizontal).toString();
            QVERIFY2(header.sectionSize(column) >= header.sectionSizeHint(column), qPrintable(title));
            const int text = header.fontMetrics().horizontalAdvance(table.model()->index(1, column).data().toString());
            QVERIFY2(header.sectionSize(column) > text, qPrintable(title));
        }
    }

    void menuHasUniqueMnemonics_data() { languages(); }

    void menuHasUniqueMnemonics()
    {
        QFETCH(const QLocale, locale);
        tray::installTranslations(*qApp, locale);
        FakeClock clock;
        board::Board board([] { return online(1); }, clock);
        board.refresh();
        window::RecordingControl control;
        const indicator::TrayMenu menu(board, control);
        QHash<QString, QString> owners;
        for (const QAction *action : menu.actions()) {
            const QString letter = QKeySequence::mnemonic(action->text()).toString();
            if (letter.isEmpty())
                continue;
            QVERIFY2(!owners.contains(letter), qPrintable(action->text() + QStringLiteral(" and ") + owners[letter]));
            owners.insert(letter, action->text());
        }
        QVERIFY2(owners.size() >= 12, qPrintable(QString::number(owners.size())));
    }
};

QTEST_MAIN(TestTranslations)
#include "tst_translations.moc"
