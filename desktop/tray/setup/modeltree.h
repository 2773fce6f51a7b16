// ModelTree: the backends that were found, below each the models that it has, to be ticked, named and limited.
//
// ModelsPage fills it. Nothing is ticked but what is published already. Main thread.

#pragma once

#include "backendfinder.h"
#include "setupchoices.h"

#include <QTreeWidget>

namespace hearth::setup {

class ModelTree final : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column { Model, Name, Concurrency };

    explicit ModelTree(QWidget *parent = nullptr);

    /// Shows what the file has; what comes of asking its backends is to be told. `foreignNames` cannot be given to
    /// models.
    void setKnown(const std::vector<ModelChoice> &known, const QStringList &foreignNames);
    /// Adds a backend, or what is new about one that is shown.
    void addBackend(const discovery::FoundBackend &backend);
    /// It is not known yet whether this backend answers.
    void setAsking(const QString &url);
    /// It does not; `reason` is for a person.
    void setAway(const QString &url, const QString &reason);
    /// The choices have been written, and the file has these entries now.
    void setWritten(const std::vector<ModelChoice> &entries);

    std::vector<ModelChoice> choices() const;

    /// What is wrong with a name; empty when nothing is.
    QString problem() const { return m_problem; }

Q_SIGNALS:
    void changed();

private:
    struct Row
    {
        QTreeWidgetItem *item;
        QString url;
        QString model;
        QString entry;
    };

    QTreeWidgetItem *backendItem(const QString &url);
    void describe(QTreeWidgetItem &backend, const QString &url, const QString &state);
    void addRow(const ModelChoice &choice);
    bool hasRow(const QString &url, const QString &model) const;
    void judge();
    QString judged(const ModelChoice &choice, const QStringList &names) const;

    std::vector<Row> m_rows;
    QStringList m_foreignNames;
    QString m_problem;
};

} // namespace hearth::setup
