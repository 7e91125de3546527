// SPDX-License-Identifier: MIT
//
// C++ as it is written: containers, strings, streams, std::sort with lambdas, std::function, virtual
// calls through several bases (thunks), member pointers, std::thread, std::async, thread_local with
// destructors, static initialization, std::regex, aligned and nothrow new.
//
// flags: gcc -O0 | gcc -O2 -fno-omit-frame-pointer | clang -O2
// captures: 3000
// timeout: 40

#include "exact.h"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static std::string global_text(100, 'x');
static volatile int sum;

struct First {
    virtual ~First() {}
    virtual std::unique_ptr<char[]> make(int n) = 0;
};
struct Second {
    long pad = 1;
    virtual ~Second() {}
    virtual void other(int n) = 0;
};
struct Base : virtual First {
    char room[100];
};
struct Both : Base, Second {
    NOINLINE std::unique_ptr<char[]> make(int n) override
    {
        return std::unique_ptr<char[]>(new char[(size_t)n + 1]);
    }
    NOINLINE void other(int n) override
    {
        std::vector<std::string> texts;
        for (int i = 0; i < n; i++)
            texts.push_back(std::string((size_t)i + 20, 'y'));
        sum += (int)texts.size();
    }
};

struct PerThread {
    std::map<int, std::string> map;
    ~PerThread()
    {
        touch_all(7);
    }
};
static thread_local PerThread per_thread;

struct alignas(64) Aligned {
    char text[64];
};

NOINLINE static void sorting(int n)
{
    std::vector<std::string> texts;
    for (int i = 0; i < n; i++)
        texts.emplace_back(std::to_string(rnd(100000)) + " and more than fits in place");
    std::sort(texts.begin(), texts.end(), [](std::string a, std::string b) { return a < b; });
    std::stable_sort(texts.begin(), texts.end(), [n](const std::string &a, const std::string &b) {
        std::string copy(a + "x");
        return copy.size() + (size_t)n < b.size();
    });
}

NOINLINE static void calls(int n)
{
    std::unique_ptr<Both> both(new Both);
    First *first = both.get();
    Second *second = both.get();
    use(first->make(n).get());
    second->other(n % 5);
    std::function<void(int)> recursive = [&](int left) {
        std::string kept((size_t)left + 30, 'z');
        if (left)
            recursive(left - 1);
    };
    recursive(n % 6);
    auto member = &Second::other;
    (second->*member)(2);
    std::unique_ptr<Aligned> aligned(new Aligned);
    use(aligned.get());
    std::shared_ptr<std::string> shared =
        std::make_shared<std::string>("shared and long enough to count");
    per_thread.map[n % 10] = *shared;
}

NOINLINE static void streams(int n)
{
    std::ostringstream out;
    out << n << ' ' << 1.5 * n << std::string(50, 'a') << std::hex << n;
    std::unordered_map<std::string, int> counts;
    for (int i = 0; i < 10; i++)
        counts[out.str() + std::to_string(i)]++;
    sum += (int)counts.size();
}

int main()
{
    auto all = [](int n) {
        sorting(n % 12);
        calls(n);
        streams(n);
    };
    for (int i = 0; i < 30; i++)
        all(i);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&all, i] { all(i + 5); });
    for (auto &thread : threads)
        thread.join();
    std::vector<std::future<std::string>> futures;
    for (int i = 0; i < 8; i++)
        futures.push_back(std::async(i % 2 ? std::launch::async : std::launch::deferred, [i] {
            sorting(i);
            return std::string((size_t)i + 40, 'f');
        }));
    for (auto &future : futures)
        sum += (int)future.get().size();
    return 0;
}
