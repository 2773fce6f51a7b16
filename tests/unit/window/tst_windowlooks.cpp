#include "englishplurals.h"
#include "windowscene.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QMap>
#include <QMenuBar>
#include <QScopeGuard>
#include <QSet>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

using namespace hearth;
using namespace hearth::board;
using namespace hearth::window;
using status::PublisherSnapshot;

namespace {

/// Stands for languages whose words are longer: a third is added to every text of the program.
class LongerWords final : public QTranslator
{
public:
    bool isEmpty() const override { return false; }

    QString translate(const char *, const char *source, const char *, int) const override
    {
        QString text = QString::fromUtf8(source);
        const QString padding = QString(text.size() / 3, u'm');
        // Format strings stay as they are: a picture of time is no word.
        return text.contains(u'%') ? text + padding.left(3) : text + padding;
    }
};

QPalette darkPalette()
{
    QPalette palette(QColor(0x30, 0x33, 0x38), QColor(0x26, 0x29, 0x2d));
    palette.setColor(QPalette::Base, QColor(0x1d, 0x1f, 0x22));
    palette.setColor(QPalette::AlternateBase, QColor(0x2c, 0x2f, 0x34));
    palette.setColor(QPalette::Highlight, QColor(0x3d, 0xae, 0xe9));
    palette.setColor(QPalette::PlaceholderText, QColor(0xa1, 0xa9, 0xb1));
    return palette;
}

PublisherSnapshot emptySnapshot()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.llms.clear();
    snapshot.lastHour.assign(60, {});
    return snapshot;
}

PublisherSnapshot troubledSnapshot()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.intake = publisher::Intake::Paused;
    snapshot.pauseReason = QStringLiteral("on battery, full-screen program");
    snapshot.attentions = {
        {status::Attention::Kind::NameTaken, QStringLiteral("qwen-coder"),
         QStringLiteral("The name qwen-coder belongs to another owner. Give the model another name in the settings.")},
        {status::Attention::Kind::WakeFailed, QStringLiteral("llama-70b"), QStringLiteral("The wake has failed.")}};
    snapshot.llms[0].outcome = channel::EntryOutcome{snapshot.llms[0].name, channel::EntryStatus::Conflict,
                                                     QStringLiteral("The name belongs to another owner.")};
    return snapshot;
}

/// Whether all words of a widget fit into it.
bool isCut(const QWidget &widget)
{
    if (const auto *const label = qobject_cast<const QLabel *>(&widget)) {
        if (label->wordWrap())
            return label->height() < label->heightForWidth(label->width());
        return label->width() < label->sizeHint().width() || label->height() < label->sizeHint().height();
    }
    if (qobject_cast<const QAbstractButton *>(&widget) || qobject_cast<const QComboBox *>(&widget))
        return widget.width() < widget.minimumSizeHint().width() || widget.height() < widget.minimumSizeHint().height();
    return false;
}

bool hasName(const QWidget &widget)
{
    if (!widget.accessibleName().isEmpty())
        return true;
    const auto *const button = qobject_cast<const QAbstractButton *>(&widget);
    return button && !button->text().isEmpty();
}

QString describe(const QWidget &widget)
{
    const auto *const label = qobject_cast<const QLabel *>(&widget);
    return QLatin1String(widget.metaObject()->className()) % u' ' % widget.objectName() % u' ' %
           (label ? label->text() : widget.accessibleName());
}

QStringList describeAll(const WindowScene &scene, const std::function<bool(const QWidget &)> &isWrong)
{
    QStringList wrong;
    for (const QWidget *const widget : scene.window.findChildren<QWidget *>()) {
        if (widget->isVisible() && isWrong(*widget))
            wrong += describe(*widget);
    }
    return wrong;
}

} // namespace

// Set HEARTH_SHOTS to a folder to see what this test sees.
class TestWindowLooks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsCut_data();
    void nothingIsCut();
    void everythingHasAName_data();
    void everythingHasAName();
    void tabulatorGoesAsOneReads();
    void everyActionCanBeReachedByKeyboard();
    void noTwoMnemonicsAreTheSame_data();
    void noTwoMnemonicsAreTheSame();
};

void TestWindowLooks::nothingIsCut_data()
{
    QTest::addColumn<PublisherSnapshot>("snapshot");
    QTest::addColumn<bool>("showsLog");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("longer");
    const std::pair<const char *, PublisherSnapshot> snapshots[] = {
        {"idle", idleSnapshot()},           {"busy", busySnapshot()},
        {"waking", wakingSnapshot()},       {"offline", offlineSnapshot()},
        {"elsewhere", elsewhereSnapshot()}, {"empty", emptySnapshot()},
        {"troubled", troubledSnapshot()},   {"unconfigured", unconfiguredSnapshot()},
        {"broken", brokenSnapshot()},       {"nowhere", nowhereSnapshot()}};
    for (const auto &[name, snapshot] : snapshots) {
        QTest::addRow("%s", name) << snapshot << false << false << false;
        QTest::addRow("%s-longer", name) << snapshot << false << false << true;
    }
    QTest::newRow("dark") << busySnapshot() << false << true << false;
    QTest::newRow("dark-waking") << wakingSnapshot() << false << true << false;
    QTest::newRow("log") << busySnapshot() << true << false << false;
    QTest::newRow("log-longer") << busySnapshot() << true << true << true;
}

void TestWindowLooks::nothingIsCut()
{
    QFETCH(PublisherSnapshot, snapshot);
    QFETCH(bool, showsLog);
    QFETCH(bool, dark);
    QFETCH(bool, longer);
    EnglishPlurals plurals;
    LongerWords words;
    QCoreApplication::installTranslator(longer ? static_cast<QTranslator *>(&words) : &plurals);
    const auto restore = qScopeGuard([before = QApplication::palette()] { QApplication::setPalette(before); });
    if (dark)
        QApplication::setPalette(darkPalette());

    WindowScene scene(snapshot);
    const auto log = [&](LogLevel level, const QString &text) {
        scene.log.append({WallTime(Duration(1'795'167'695'123)), level, QStringLiteral("hearth.publisher"), text});
    };
    log(LogLevel::Info, QStringLiteral("Connected to https://hearth.example.org, epoch 7"));
    log(LogLevel::Warning, QStringLiteral("The backend of llama-70b does not answer"));
    scene.clock.advance(LogModel::interval);
    scene.show();
    scene.select("models", 1);
    if (showsLog)
        scene.window.showLog();
    QCoreApplication::processEvents();
    if (const QString folder = qEnvironmentVariable("HEARTH_SHOTS"); !folder.isEmpty())
        QVERIFY(scene.window.grab().save(
            QDir(folder).filePath(QStringLiteral("window-%1.png").arg(QString::fromLatin1(QTest::currentDataTag())))));
    QCOMPARE(describeAll(scene, isCut), QStringList());
}

void TestWindowLooks::everythingHasAName_data()
{
    QTest::addColumn<PublisherSnapshot>("snapshot");
    QTest::addColumn<bool>("showsLog");
    QTest::newRow("busy") << busySnapshot() << false;
    QTest::newRow("offline") << offlineSnapshot() << false;
    QTest::newRow("troubled") << troubledSnapshot() << false;
    QTest::newRow("elsewhere") << elsewhereSnapshot() << false;
    QTest::newRow("empty") << emptySnapshot() << false;
    QTest::newRow("broken") << brokenSnapshot() << false;
    QTest::newRow("log") << busySnapshot() << true;
}

void TestWindowLooks::everythingHasAName()
{
    QFETCH(PublisherSnapshot, snapshot);
    QFETCH(bool, showsLog);
    WindowScene scene(snapshot);
    scene.show();
    if (showsLog)
        scene.window.showLog();
    const auto lacksName = [](const QWidget &widget) {
        return widget.focusPolicy() != Qt::NoFocus && !widget.focusProxy() && !hasName(widget);
    };
    QCOMPARE(describeAll(scene, lacksName), QStringList());
}

void TestWindowLooks::tabulatorGoesAsOneReads()
{
    WindowScene scene(busySnapshot());
    scene.show();
    scene.select("models", 1);
    QList<QPoint> places;
    QSet<QWidget *> seen;
    QWidget *now = QApplication::focusWidget();
    while (!seen.contains(now)) {
        seen.insert(now);
        places += now->mapTo(&scene.window, QPoint());
        QTest::keyClick(now, Qt::Key_Tab);
        now = QApplication::focusWidget();
        QVERIFY(now);
    }
    QVERIFY(seen.contains(&scene.find<QWidget>("models")));
    QVERIFY(seen.contains(&scene.find<QWidget>("requests")));
    // It goes round, wherever it began.
    const auto isBefore = [](QPoint a, QPoint b) { return a.y() != b.y() ? a.y() < b.y() : a.x() < b.x(); };
    std::rotate(places.begin(), std::min_element(places.begin(), places.end(), isBefore), places.end());
    QVERIFY(std::is_sorted(places.begin(), places.end(), isBefore));
}

// By a shortcut, by a mnemonic in a menu or on a button.
void TestWindowLooks::everyActionCanBeReachedByKeyboard()
{
    const WindowScene scene(busySnapshot());
    for (const QAction *const action : scene.window.findChildren<QAction *>()) {
        if (action->text().isEmpty() || action->isSeparator())
            continue;
        QVERIFY2(action->text().contains(u'&') || !action->shortcut().isEmpty(), qPrintable(action->text()));
    }
}

void TestWindowLooks::noTwoMnemonicsAreTheSame_data()
{
    QTest::addColumn<PublisherSnapshot>("snapshot");
    QTest::addColumn<bool>("showsLog");
    QTest::newRow("offline") << offlineSnapshot() << false;
    QTest::newRow("broken") << brokenSnapshot() << false;
    QTest::newRow("nowhere") << nowhereSnapshot() << false;
    QTest::newRow("log") << busySnapshot() << true;
}

void TestWindowLooks::noTwoMnemonicsAreTheSame()
{
    QFETCH(PublisherSnapshot, snapshot);
    QFETCH(bool, showsLog);
    WindowScene scene(snapshot);
    scene.show();
    if (showsLog)
        scene.window.showLog();
    QMap<QString, QStringList> owners;
    const auto add = [&](const QString &text) {
        const QKeySequence mnemonic = QKeySequence::mnemonic(text);
        if (!mnemonic.isEmpty())
            owners[mnemonic.toString()] += text;
    };
    for (const QAction *const menu : scene.window.menuBar()->actions())
        add(menu->text());
    const auto &tabs = scene.find<QTabWidget>("tabs");
    for (int tab = 0; tab < tabs.count(); ++tab)
        add(tabs.tabText(tab));
    for (const QAbstractButton *const button : scene.window.findChildren<QAbstractButton *>()) {
        if (button->isVisible())
            add(button->text());
    }
    for (const QLabel *const label : scene.window.findChildren<QLabel *>()) {
        if (label->isVisible() && label->buddy())
            add(label->text());
    }
    QVERIFY(owners.size() > 6);
    for (const QStringList &texts : std::as_const(owners))
        QVERIFY2(texts.size() == 1, qPrintable(texts.join(QStringLiteral(" / "))));
}

QTEST_MAIN(TestWindowLooks)

#include "tst_windowlooks.moc"
