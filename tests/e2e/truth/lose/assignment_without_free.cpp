// SPDX-License-Identifier: MIT
//
// operator= takes the new block and forgets its own.
//
// EXPECT: definite 56 1

#include "truth.h"

struct text {
    char *c;
    explicit text(size_t n) : c(new char[n]) {}
    ~text()
    {
        delete[] c;
    }
    text &operator=(text &&other)
    {
        c = other.c;
        other.c = nullptr;
        return *this;
    }
};

static NOINLINE void lose()
{
    text t(56);
    use(&t);
    t = text(57);
    use(&t);
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
