// SPDX-License-Identifier: MIT
//
// All forms of new and delete.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: nothing

#include "leaktest.h"

#include <new>

struct alignas(256) wide {
    char data[300];
};

struct counted {
    long value = 1;
    ~counted()
    {
        value = 0;
    }
};

int main()
{
    delete new int(1);
    delete[] new int[100];
    delete new (std::nothrow) counted;
    delete[] new (std::nothrow) counted[10];
    wide *w = new wide;
    CHECK((uintptr_t)w % 256 == 0);
    delete w;
    wide *many = new wide[5];
    CHECK((uintptr_t)many % 256 == 0);
    delete[] many;
    w = new (std::nothrow) wide;
    delete w;
    void *p = ::operator new(100);
    ::operator delete(p);
    p = ::operator new(100);
    ::operator delete(p, std::size_t(100));
    p = ::operator new[](100);
    ::operator delete[](p, std::size_t(100));
    p = ::operator new(100, std::align_val_t(4096));
    CHECK((uintptr_t)p % 4096 == 0);
    ::operator delete(p, std::align_val_t(4096));
    p = ::operator new(100, std::align_val_t(64), std::nothrow);
    ::operator delete(p, std::size_t(100), std::align_val_t(64));
    delete static_cast<int *>(nullptr);
    ::operator delete(::operator new(0));
    return 0;
}
