#include "departure.h"

#include <QPushButton>

#include <algorithm>

namespace hearth::tray {

Departure::Departure(host::PublisherHost &host, QObject *parent)
    : QObject(parent)
    , m_host(host)
{
    connect(&m_host, &host::PublisherHost::changed, this, &Departure::tellProgress);
    // From then on no answer to a question would change anything.
    connect(&m_host, &host::PublisherHost::stopping, this, [this] {
        m_isLeaving = true;
        m_isFinishing = false;
        closeBox();
    });
    connect(&m_host, &host::PublisherHost::stopped, this, &Departure::finished);
}

Departure::~Departure()
{
    delete m_box;
}

void Departure::ask(QWidget *parent)
{
    if (m_isLeaving)
        return;
    const QString work = running();
    if (work.isEmpty())
        return now();
    if (!m_box)
        return showQuestion(work, parent);
    m_box->raise();
    m_box->activateWindow();
}

void Departure::now()
{
    m_host.stop();
}

QString Departure::running() const
{
    // Those of another program go on without this one.
    if (m_host.situation() != status::Situation::Here)
        return {};
    const status::PublisherSnapshot snapshot = m_host.snapshot();
    const auto isWaking = [](const status::LlmSnapshot &llm) { return llm.wake.has_value(); };
    const int wakes = int(std::ranges::count_if(snapshot.llms, isWaking));
    QStringList work;
    if (const int requests = snapshot.running())
        work.append(tr("%n request(s)", nullptr, requests));
    if (wakes > 0)
        work.append(tr("%n wake(s)", nullptr, wakes));
    return work.join(QStringLiteral(", "));
}

void Departure::showQuestion(const QString &work, QWidget *parent)
{
    replaceBox(QMessageBox::Question, parent);
    m_box->setText(tr("Still running: %1. Quit Hearth?").arg(work));
    m_box->setInformativeText(tr("“Finish first” takes nothing new and quits when all of it has ended. “Quit now” cuts "
                                 "it off."));
    QPushButton *finish = addButton("finishFirst", tr("&Finish first"), QMessageBox::AcceptRole);
    addButton("quitNow", tr("&Quit now"), QMessageBox::DestructiveRole);
    QPushButton *cancel = addButton("cancel", tr("&Cancel"), QMessageBox::RejectRole);
    connect(finish, &QPushButton::clicked, this, [this, parent = QPointer(parent)] { finishFirst(parent); });
    m_box->setDefaultButton(finish);
    m_box->setEscapeButton(cancel);
    m_box->open();
}

void Departure::finishFirst(QWidget *parent)
{
    replaceBox(QMessageBox::NoIcon, parent);
    m_box->setInformativeText(tr("Nothing new is taken. Hearth quits when all of it has ended."));
    addButton("quitNow", tr("&Quit now"), QMessageBox::DestructiveRole);
    QPushButton *cancel = addButton("cancel", tr("&Cancel"), QMessageBox::RejectRole);
    connect(cancel, &QPushButton::clicked, this, &Departure::stayAfterAll);
    m_box->setDefaultButton(cancel);
    m_box->setEscapeButton(cancel);
    m_box->setText(tr("Finishing %1…").arg(running()));
    m_box->open();
    m_host.stopWhenIdle();
    m_isFinishing = !m_isLeaving;
}

void Departure::stayAfterAll()
{
    m_isFinishing = false;
    m_host.cancelStop();
}

void Departure::tellProgress()
{
    if (!m_isFinishing)
        return;
    // Whoever resumes has changed his mind.
    if (!m_host.isLeaving()) {
        m_isFinishing = false;
        return closeBox();
    }
    if (m_box)
        m_box->setText(tr("Finishing %1…").arg(running()));
}

void Departure::replaceBox(QMessageBox::Icon icon, QWidget *parent)
{
    closeBox();
    m_box = new QMessageBox(icon, tr("Quit Hearth"), QString(), QMessageBox::NoButton, parent);
    m_box->setAttribute(Qt::WA_DeleteOnClose);
}

void Departure::closeBox()
{
    if (!m_box)
        return;
    // One of its own buttons may have led here.
    m_box->hide();
    m_box->deleteLater();
    m_box.clear();
}

QPushButton *Departure::addButton(const char *name, const QString &text, QMessageBox::ButtonRole role)
{
    QPushButton *button = m_box->addButton(text, role);
    button->setObjectName(QLatin1String(name));
    if (role == QMessageBox::DestructiveRole)
        connect(button, &QPushButton::clicked, this, &Departure::now);
    return button;
}

} // namespace hearth::tray
