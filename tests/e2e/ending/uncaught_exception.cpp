// SPDX-License-Identifier: MIT
//
// An uncaught exception: std::terminate, its message and SIGABRT, no report.
//
// SIGNAL: ABRT
// STDERR-HAS: ^terminate called after throwing an instance of 'int'
// EXPECT: no report

#include "leaktest.h"

int main()
{
    use(new char[109]);
    throw 5;
}
