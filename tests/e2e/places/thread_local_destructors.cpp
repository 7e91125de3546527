// SPDX-License-Identifier: MIT
//
// C++ thread_local objects free what they own when their thread ends, main's included.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// EXPECT: nothing

#include "leaktest.h"

#include <string>
#include <thread>
#include <vector>

struct owner {
    uintptr_t hidden = hidden_malloc(100);
    ~owner()
    {
        free(reveal(hidden));
    }
};

static thread_local owner mine;
static thread_local std::vector<std::string> words;

static void work()
{
    use(&mine);
    words.assign(100, "a text that is too long for the string itself");
}

int main()
{
    for (int i = 0; i < 10; i++)
        std::thread(work).join();
    work();
    return 0;
}
