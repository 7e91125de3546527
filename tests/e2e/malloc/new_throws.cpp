// SPDX-License-Identifier: MIT
//
// new of what can't be had throws bad_alloc, the nothrow form returns null, and a new-handler is
// called.
//
// CFLAGS: -O0 | -O2
// EXPECT: nothing

#include "leaktest.h"

#include <new>
#include <string>
#include <vector>

volatile size_t huge = PTRDIFF_MAX;
static int handled;

static void handler()
{
    if (++handled == 3)
        std::set_new_handler(nullptr);
}

int main()
{
    int caught = 0;
    try {
        use(::operator new(huge));
    } catch (const std::bad_alloc &) {
        caught++;
    }
    try {
        use(new long[huge]);
    } catch (const std::bad_array_new_length &) {
        caught++;
    }
    CHECK(::operator new(huge, std::nothrow) == nullptr);
    std::set_new_handler(handler);
    try {
        use(::operator new(huge));
    } catch (const std::bad_alloc &) {
        caught++;
    }
    CHECK(handled == 3);
    try {
        std::vector<std::string> v(1000, "a text that is too long for the string itself");
        v.resize(huge / 64);
    } catch (const std::exception &) {
        caught++;
    }
    CHECK(caught == 4);
    return 0;
}
