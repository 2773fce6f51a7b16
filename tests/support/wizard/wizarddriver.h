// WizardDriver: goes through a SetupWizard as a person would, by what is on its pages.
//
// Used by the wizard's own tests, by those of the whole app, and by whoever makes pictures of it. Functions that wait
// run the event loop. Main thread.

#pragma once

#include "setupwizard.h"

#include <QPointer>
#include <QTreeWidget>

namespace hearth::testsupport {

class WizardDriver
{
public:
    /// Which wizard; to be called first.
    void drive(setup::SetupWizard &wizard) { m_wizard = &wizard; }

    QWizardPage &page() const { return *m_wizard->currentPage(); }

    /// A widget of the present page; fails the test where there is none of that name and type.
    template <typename Widget>
    Widget &input(const char *name) const
    {
        auto *const widget = page().findChild<Widget *>(QLatin1String(name));
        if (!widget)
            qFatal("there is no \"%s\" on page %d", name, m_wizard->currentId());
        return *widget;
    }

    /// The text of a NoteLine; empty while it is hidden.
    QString note(const char *name) const;

    /// Why Next is disabled.
    QString missing() const { return note("missing"); }

    /// Waits until Next can be pressed, and presses it. False when it cannot, or leads nowhere.
    bool next() const;

    void back() const { m_wizard->back(); }

    /// Replaces what a line has, by typing.
    void type(const char *name, const QString &text) const;
    /// Fills in the server page.
    void typeServer(const QUrl &server, const QByteArray &key) const;

    // The models page.

    /// Waits until this model is there.
    bool waitForModel(const QString &model) const;
    bool isTicked(const QString &model) const;
    void tick(const QString &model, bool isTicked = true) const;
    /// Gives a model the name under which callers know it.
    void rename(const QString &model, const QString &name) const;

private:
    /// Fails the test where the model is not there.
    QTreeWidgetItem &modelItem(const QString &model) const;

    QPointer<setup::SetupWizard> m_wizard;
};

} // namespace hearth::testsupport
