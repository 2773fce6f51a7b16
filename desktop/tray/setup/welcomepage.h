// WelcomePage: what will happen, and what a person needs for it. Main thread.

#pragma once

#include "setuppage.h"

namespace hearth::setup {

class WelcomePage final : public SetupPage
{
    Q_OBJECT

public:
    explicit WelcomePage(SetupState &state);
};

} // namespace hearth::setup
