// SPDX-License-Identifier: MIT
//
// Exceptions through many frames that own memory: all of it is given back, and the right handler
// gets them. Rethrown, nested, kept by exception_ptr, thrown in threads.
//
// CFLAGS: -O0 | -O2
// EXPECT: nothing

#include "leaktest.h"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static NOINLINE int descend(int depth)
{
    std::vector<int> v(100, depth);
    std::unique_ptr<char[]> p(new char[50]);
    std::string text(60, 'x');
    if (depth == 0)
        throw std::runtime_error("at the bottom, with a message that needs memory");
    return descend(depth - 1) + v[5];
}

static NOINLINE void middle(int depth)
{
    try {
        descend(depth);
    } catch (const std::runtime_error &) {
        std::throw_with_nested(std::logic_error("in the middle"));
    }
}

static void all()
{
    for (int i = 0; i < 100; i++) {
        try {
            middle(i % 30);
            CHECK(!"reached");
        } catch (const std::logic_error &error) {
            try {
                std::rethrow_if_nested(error);
                CHECK(!"reached");
            } catch (const std::runtime_error &inner) {
                CHECK(inner.what()[0] == 'a');
            }
        }
    }
    std::exception_ptr kept;
    try {
        descend(3);
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception &) {
    }
}

int main()
{
    all();
    std::thread a(all), b(all);
    a.join();
    b.join();
    return 0;
}
