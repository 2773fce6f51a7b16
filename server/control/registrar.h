// Registrar: carries out register messages, one at a time.
//
// Each is planned on the present state (domain/registrationplan), stored in one transaction, and applied when the
// database has confirmed; so what a publisher is told is stored. Control sessions submit to it. Main thread only.

#pragma once

#include "keyring.h"
#include "lifecycle.h"
#include "registrationplan.h"
#include "registry.h"
#include "serialqueue.h"
#include "storage.h"

#include <functional>

namespace hearth::control {

class Registrar : public QObject
{
    Q_OBJECT

public:
    struct Request
    {
        channel::Register message;
        domain::Principal principal;
        bool firstOfSocket = true;
        /// Whether the socket is still there when its turn comes. One that has vanished or was replaced meanwhile
        /// changes nothing any more.
        std::function<bool()> isCurrent;
    };

    /// The session as it is bound now, and the outcome of each entry. Errors: those of planRegistration(), and
    /// StorageUnavailable.
    using Done = std::function<void(const Result<domain::RegistrationPlan> &)>;
    using IsBound = std::function<bool(const ProviderSessionId &)>;

    /// The references must outlive the registrar. `changes` is shared by everything that plans changes of rows.
    Registrar(domain::Registry &registry, storage::Storage &storage, SerialQueue &changes, Clock &clock,
              const domain::LifecycleSettings &settings, IsBound isBound, QObject *parent = nullptr);

    /// `done` is called unless the request was not current any more when its turn came. The socket may have gone while
    /// its plan was being stored: `done` then has to undo the binding.
    void submit(Request request, Done done);

private:
    void carryOut(const Request &request, const Done &done, const SerialQueue::Finished &finished);
    void apply(const domain::RegistrationPlan &plan);

    domain::Registry &m_registry;
    storage::Storage &m_storage;
    SerialQueue &m_changes;
    Clock &m_clock;
    domain::LifecycleSettings m_settings;
    IsBound m_isBound;
};

} // namespace hearth::control
