// SPDX-License-Identifier: MIT
//
// Exceptions: thrown through frames, with allocations in constructors, in destructors while
// unwinding, in handlers, function-try-blocks and exception specifications, rethrown, nested, kept.
//
// flags: gcc -O0 | gcc -O2 | gcc -Os | gcc -O2 -fno-omit-frame-pointer -static-libgcc | clang -O2
// captures: 5000

#include "exact.h"

#include <exception>
#include <stdexcept>
#include <string>

static volatile int sum;

struct Noisy {
    char *text;
    NOINLINE explicit Noisy(int n) : text(new char[(size_t)n + 1])
    {
        touch_all((size_t)n);
    }
    NOINLINE ~Noisy()
    {
        touch_all(10);
        delete[] text;
    }
};

struct Failure : std::runtime_error {
    Noisy inside;
    explicit Failure(int n) : std::runtime_error(std::string((size_t)n + 20, 'x')), inside(n) {}
    Failure(const Failure &other) : std::runtime_error(other), inside(3) {}
};

NOINLINE static void thrower(int n)
{
    touch((size_t)n + 1);
    if (n & 1)
        throw Failure(n);
    throw n;
}

NOINLINE static void through(int left, int n)
{
    Noisy local(left);
    volatile char room[40];
    room[left & 31] = 1;
    if (left)
        through(left - 1, n);
    else
        thrower(n);
    sum++;
}

struct FunctionTry {
    Noisy member;
    NOINLINE explicit FunctionTry(int n)
    try : member(n) {
        through(2, n);
    } catch (...) {
        touch_all((size_t)n);
    }
};

// Throws and catches while another exception unwinds.
struct Busy {
    NOINLINE ~Busy()
    {
        try {
            through(1, 7);
        } catch (...) {
            touch(20);
        }
    }
};

NOINLINE static void rethrows(int left, int n)
{
    try {
        Busy busy;
        if (left)
            rethrows(left - 1, n);
        else
            through((int)rnd(4), n);
    } catch (const Failure &f) {
        touch(f.what()[0]);
        if (n % 3 == 0)
            throw std::runtime_error(std::string(f.what()));
        throw;
    } catch (int) {
        touch_all(3);
        throw;
    }
}

NOINLINE static void kept(int n)
{
    std::exception_ptr keeper;
    try {
        rethrows(1, n);
    } catch (...) {
        keeper = std::current_exception();
        touch(8);
    }
    try {
        std::rethrow_exception(keeper);
    } catch (...) {
        touch_all(4);
    }
}

NOINLINE static void no_throw_new() noexcept
{
    char *p = new (std::nothrow) char[100];
    use(p);
    delete[] p;
}

int main()
{
    for (int i = 0; i < 100; i++) {
        int n = (int)rnd(50);
        try {
            through((int)rnd(10), n);
        } catch (...) {
            touch(9);
        }
        try {
            FunctionTry object(n);
        } catch (const std::exception &) {
            touch_all(5);
        } catch (int) {
            touch_all(6);
        }
        kept(n);
        no_throw_new();
    }
    return 0;
}
