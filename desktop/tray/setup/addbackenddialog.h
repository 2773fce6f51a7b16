// AddBackendDialog: asks for the address of a backend, looks whether one is there, and closes when it is.
//
// To be shown by open(). Main thread.

#pragma once

#include "backendfinder.h"
#include "noteline.h"

#include <QDialog>

class QDialogButtonBox;
class QLineEdit;

namespace hearth::setup {

class AddBackendDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `client` and `clock` must outlive the dialog.
    AddBackendDialog(httpclient::HttpClient &client, Clock &clock, QWidget *parent);

Q_SIGNALS:
    /// `key` is empty where the backend wants none.
    void found(const hearth::discovery::FoundBackend &backend, const QByteArray &key);

private:
    void look();
    void say(fields::NoteLine::Kind kind, const QString &text);

    QLineEdit *m_address;
    QLineEdit *m_key;
    fields::NoteLine *m_note;
    QDialogButtonBox *m_buttons;
    discovery::BackendFinder m_finder;
};

} // namespace hearth::setup
