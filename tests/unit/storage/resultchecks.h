// Checks of Results that show the error's words when they fail.

#pragma once

#include <QTest>

#define VERIFY_RESULT(expression)                                                                                      \
    do {                                                                                                               \
        const auto &outcome = (expression);                                                                            \
        QVERIFY2(outcome.ok(), outcome ? "" : qPrintable(outcome.error().message));                                    \
    } while (false)
#define COMPARE_ERROR(expression, expected)                                                                            \
    do {                                                                                                               \
        const auto &outcome = (expression);                                                                            \
        QVERIFY(!outcome.ok());                                                                                        \
        QVERIFY(outcome.error().code == expected);                                                                     \
    } while (false)
