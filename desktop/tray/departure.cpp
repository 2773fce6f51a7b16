#include "departure.h"

#include <QPushButton>

namespace hearth::tray {

Departure::Departure(host::PublisherHost &host, QObject *parent)
    : QObject(parent)
    , m_host(host)
{
    connect(&m_host, &host::PublisherHost::changed, this, &Departure::tellProgress);
    connect(&m_host, &host::PublisherHost::stopped, this, [this] {
        if (!m_isFinishing && !m_isLeaving)
            return;
        closeBox();
        Q_EMIT finished();
    });
}

Departure::~Departure()
{
    delete m_box;
}

void Departure::ask(QWidget *parent)
{
    const int requests = running();
    if (requests == 0)
        return now();
    if (!m_box)
        return showQuestion(requests, parent);
    m_box->raise();
    m_box->activateWindow();
}

void Departure::now()
{
    if (std::exchange(m_isLeaving, true))
        return;
    m_isFinishing = false;
    closeBox();
    m_host.stop();
}

int Departure::running() const
{
    // Those of another program go on without this one.
    return m_host.situation() == status::Situation::Here ? m_host.snapshot().running() : 0;
}

void Departure::showQuestion(int requests, QWidget *parent)
{
    replaceBox(QMessageBox::Question, parent);
    m_box->setText(tr("%n request(s) are running. Quit Hearth?", nullptr, requests));
    m_box->setInformativeText(tr("“Finish first” takes nothing new and quits when the last one has its answer. “Quit "
                                 "now” cuts them off."));
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
    m_box->setInformativeText(tr("Nothing new is taken. Hearth quits when they have their answers."));
    addButton("quitNow", tr("&Quit now"), QMessageBox::DestructiveRole);
    QPushButton *cancel = addButton("cancel", tr("&Cancel"), QMessageBox::RejectRole);
    connect(cancel, &QPushButton::clicked, this, &Departure::stayAfterAll);
    m_box->setDefaultButton(cancel);
    m_box->setEscapeButton(cancel);
    m_isFinishing = true;
    tellProgress();
    m_box->open();
    m_host.stopWhenIdle();
}

void Departure::stayAfterAll()
{
    m_isFinishing = false;
    m_host.cancelStop();
}

void Departure::tellProgress()
{
    if (m_isFinishing && m_box)
        m_box->setText(tr("Finishing %n request(s)…", nullptr, running()));
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
