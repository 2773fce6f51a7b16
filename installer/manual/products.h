// Products: everything that hearth-manual can write about Hearth.
//
// Knows our programs and configuration files, each by the object that the program itself reads its command line with
// and by the table that it reads its settings from. Used by hearth-manual and by the tests that compare the products
// with those objects. What it writes depends on nothing but the version and the date it is given, so that builds can be
// reproduced. One thread.

#pragma once

#include "commanddescription.h"
#include "result.h"
#include "setting.h"

#include <QByteArray>
#include <QMap>

namespace hearth::manual {

class Products
{
public:
    /// `date` is that of the manual pages, as `2026-11-20`; empty: they bear none.
    explicit Products(QString date);

    /// `hearthd`, …
    QStringList programs() const { return m_programs.keys(); }

    /// `hearthd.yaml` and `publisher.yaml`.
    QStringList files() const { return m_tables.keys(); }

    /// `hearthd.8`, `hearthd.yaml.5`, …
    QStringList pages() const;
    /// `bash`, `zsh` and `fish`.
    static QStringList shells();

    // The names must be among those above. An error means that a text of ours is wrong.
    const CommandDescription &program(const QString &name) const;
    const SettingTable &table(const QString &file) const;
    Result<QByteArray> page(const QString &name) const;
    QByteArray completion(const QString &shell, const QString &program) const;
    /// To be edited: with comments and all settings.
    Result<QByteArray> sample(const QString &file) const;
    /// To be read: what stands in the manual.
    QByteArray example(const QString &file) const;

private:
    QString m_date;
    QMap<QString, CommandDescription> m_programs;
    QMap<QString, SettingTable> m_tables;
};

} // namespace hearth::manual
