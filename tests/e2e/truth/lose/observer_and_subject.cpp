// SPDX-License-Identifier: MIT
//
// One of the three leads; which one is not defined. The subject has a list of owning pointers to its
// observers, which own the subject.
//
// EXPECT: definite ? 1; indirect ? 2

#include "truth.h"

#include <memory>
#include <vector>

struct subject;

struct observer {
    std::shared_ptr<subject> watched;
};

struct subject {
    std::vector<std::shared_ptr<observer>> observers;
    long id = 0;
};

static NOINLINE void lose()
{
    auto s = std::make_shared<subject>();
    auto o = std::make_shared<observer>();
    o->watched = s;
    s->observers.push_back(o);
    use(s.get());
}

int main()
{
    lose();
    TRUTH_POINT();
    return 0;
}
