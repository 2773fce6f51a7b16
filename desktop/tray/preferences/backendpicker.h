// BackendPicker: backends on this box, or at an address that is typed, with their models to choose from.
//
// The models' page shows one. Main thread.

#pragma once

#include "backendfinder.h"
#include "noteline.h"

#include <QDialog>

class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace hearth::preferences {

class BackendPicker final : public QDialog
{
    Q_OBJECT

public:
    /// `clock` must outlive it. The search begins at once. `apiKey`, which may be empty, is that of the backend at
    /// `url`: it goes to no other server, unless there is no `url` yet.
    BackendPicker(Clock &clock, std::vector<quint16> ports, const QUrl &url, const QByteArray &apiKey, QWidget *parent);

Q_SIGNALS:
    void picked(const QUrl &url, const QString &model);

private:
    void search();
    void ask();
    /// What may be shown to who is asked at this address.
    QByteArray keyFor(const QString &address) const;
    void begin(const QString &words);
    void add(const discovery::FoundBackend &backend);
    void searchEnded();
    void pick();

    std::vector<quint16> m_ports;
    const QUrl m_url;
    const QByteArray m_apiKey;
    httpclient::HttpClient m_client;
    discovery::BackendFinder m_finder;
    QTreeWidget *m_tree;
    QLineEdit *m_address;
    fields::NoteLine *m_note;
    QPushButton *m_pick;
    bool m_hasFailed = false;
};

} // namespace hearth::preferences
