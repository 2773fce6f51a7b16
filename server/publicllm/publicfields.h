// What an administrator may give for a public Llm: its url and its API key, checked and brought into the form of a row.
//
// Called by the api's controllers before they store a row. Pure functions but for what they are handed. Main thread
// only.

#pragma once

#include "addressguard.h"
#include "secretbox.h"

namespace hearth::publicllm {

/// `url` as Llm::url holds it: without a slash at its end, names of hosts in their ASCII form. Errors: InvalidRequest
/// for anything but an http or https URL without user, query and fragment, and for one whose host `guard` objects to.
Result<QString> checkedUrl(const QString &url, const AddressGuard &guard);

/// `apiKey`, sealed for Llm::sealedApiKey. Errors: InvalidRequest for what cannot stand in a header field; the message
/// does not repeat it.
Result<QByteArray> sealedApiKey(const QString &apiKey, const SecretBox &box);

} // namespace hearth::publicllm
