// SPDX-License-Identifier: MIT
//
// The functions may be called at any time: by a constructor, a destructor, a thread's destructor, a child of
// fork. The header is C++ too.
//
// EXPECT: nothing

#include "apitest.h"

#include <sys/wait.h>
#include <thread>

static void *slot;

static void use_all()
{
    struct leakgc_counters counters;
    if (!WITH)
        return;
    leakgc_disable();
    use(malloc(10));
    leakgc_enable();
    CHECK(leakgc_add_root(&slot, sizeof slot) == 0 && leakgc_remove_root(&slot, sizeof slot) == 0);
    CHECK(leakgc_weak_register(&slot, NULL, NULL) == 0 && leakgc_weak_unregister(&slot) == 0);
    CHECK(leakgc_counters(&counters, sizeof counters) == sizeof counters);
    CHECK(counters.live_blocks > 0);
    LEAKGC_TEST_BEGIN(mark);
    CHECK(mark != 0);
    CHECK(LEAKGC_TEST_LEAKS(mark) == 0);
    CHECK(leakgc_on_lost(NULL, NULL) == 0);
    CHECK(leakgc_scan() == 0 && leakgc_poll() == 0);
    __lsan_disable();
    __lsan_enable();
    CHECK(__lsan_do_recoverable_leak_check() == 0);
}

struct user {
    user()
    {
        use_all();
    }
    ~user()
    {
        use_all();
    }
};

static user global;

__attribute__((constructor(101))) static void early()
{
    use_all();
}

int main()
{
    static thread_local user local;
    use(&local);
    std::thread([] {
        static thread_local user mine;
        use(&mine);
    }).join();
    pid_t child = fork();
    if (!child) {
        use_all();
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    atexit(use_all);
    return 0;
}
