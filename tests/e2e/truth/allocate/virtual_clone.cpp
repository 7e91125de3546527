// SPDX-License-Identifier: MIT
//
// A copy made by a virtual function.
//
// EXPECT: definite 24 1

#include "truth.h"

struct shape {
    long id = 1;
    virtual ~shape() {}
    virtual shape *clone() const = 0;
};

struct circle : shape {
    long radius = 2;
    shape *clone() const override
    {
        return new circle(*this);
    }
};

static NOINLINE void lose()
{
    circle c;
    use(c.clone());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
