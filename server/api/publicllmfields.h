// readPublicLlm(): takes over what an administrator says of a public Llm.
//
// Called by the LlmsController for POST and PATCH. The API key is sealed at once and never shown again.

#pragma once

#include "apicontext.h"
#include "resourcereader.h"

namespace hearth::api {

/// `llm` with the fields that `reader` has. Errors: InvalidRequest for what a public Llm may not hold, Conflict for a
/// name that is taken and a pool of another owner, ScopeMissing for those that the key may not use.
Result<domain::Llm> readPublicLlm(const ApiContext &context, const domain::Principal &principal, domain::Llm llm,
                                  ResourceReader &reader);

} // namespace hearth::api
