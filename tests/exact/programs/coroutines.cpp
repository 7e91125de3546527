// SPDX-License-Identifier: MIT
//
// C++20 coroutines: frames on the heap, resumed from different places and heights, and destroyed
// while suspended.
//
// flags: gcc -O0 -std=c++20 | gcc -O2 -std=c++20 | gcc -O2 -std=c++20 -fno-omit-frame-pointer
// captures: 2000

#include "exact.h"

#include <coroutine>
#include <exception>
#include <string>
#include <utility>

static volatile int sum;

struct Task {
    struct promise_type {
        int value = 0;
        Task get_return_object()
        {
            return Task(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend()
        {
            return {};
        }
        std::suspend_always final_suspend() noexcept
        {
            return {};
        }
        std::suspend_always yield_value(int n)
        {
            value = n;
            touch(9);
            return {};
        }
        void return_void() {}
        void unhandled_exception()
        {
            std::terminate();
        }
    };
    std::coroutine_handle<promise_type> handle;
    explicit Task(std::coroutine_handle<promise_type> h) : handle(h) {}
    Task(Task &&other) : handle(std::exchange(other.handle, nullptr)) {}
    ~Task()
    {
        if (handle)
            handle.destroy();
    }
};

NOINLINE static Task counter(int n)
{
    std::string kept((size_t)n + 30, 'x');
    for (int i = 0; i < n; i++) {
        touch((size_t)i + 1);
        co_yield i;
        kept += "more of it";
    }
}

NOINLINE static Task nested(int n)
{
    Task inner = counter(n);
    while (!inner.handle.done()) {
        inner.handle.resume();
        touch_all(3);
        co_yield inner.handle.promise().value;
    }
}

NOINLINE static void resume_from(int left, Task &task)
{
    volatile char room[32];
    room[left & 15] = 1;
    if (left)
        resume_from(left - 1, task);
    else if (!task.handle.done())
        task.handle.resume();
    sum++;
}

int main()
{
    for (int i = 0; i < 100; i++) {
        Task task = nested((int)rnd(6));
        for (int k = 0; k < 5; k++)
            resume_from((int)rnd(5), task);
    }
    return 0;
}
