# SPDX-License-Identifier: MIT
"""g++ with templates and exceptions, and the program that it made: containers, streams, exceptions through
many frames, aligned and failing new. Then threads: std::thread, std::async, thread_local, an exception
carried from one thread to another, a thread still asleep at exit."""

from harness import Leak, case
from known import BINUTILS, COMPILER_DRIVER

TEMPLATES = r"""
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

template <int N> struct Fib { static constexpr long value = Fib<N - 1>::value + Fib<N - 2>::value; };
template <> struct Fib<1> { static constexpr long value = 1; };
template <> struct Fib<0> { static constexpr long value = 0; };
template <typename... Ts> auto total(Ts... ts) { return (ts + ...); }

struct Tracked {
    static inline long alive = 0;
    std::string text;
    explicit Tracked(std::string t) : text(std::move(t)) { alive++; }
    Tracked(const Tracked &o) : text(o.text) { alive++; }
    ~Tracked() { alive--; }
};
struct Base { virtual ~Base() = default; virtual int id() const { return 0; } char pad[20]; };
struct Other { virtual ~Other() = default; std::string name = std::string(50, 'o'); };
struct Both : Base, Other { int id() const override { return 7; } };
struct alignas(128) Wide { char bytes[300]; };

[[gnu::noinline]] long deep(int n)
{
    Tracked t("frame " + std::to_string(n));
    if (n == 0) throw std::runtime_error("bottom with a text that is longer than the small string buffer");
    return deep(n - 1) + (long)t.text.size();
}

int main()
{
    std::cout << Fib<60>::value << " " << total(1, 2.5, 3L) << "\n";
    long seen = 0;
    for (int i = 0; i < 2000; i++)
        try { deep(i % 30); } catch (const std::exception &e) { seen += (long)std::string(e.what()).size(); }
    std::cout << seen << " alive " << Tracked::alive << "\n";
    try { try { deep(3); } catch (...) { std::throw_with_nested(std::logic_error("outer")); } }
    catch (const std::exception &e) { try { std::rethrow_if_nested(e); } catch (const std::exception &in) { std::cout << e.what() << ": " << in.what() << "\n"; } }

    auto wide = std::make_unique<Wide[]>(20);
    std::cout << "aligned " << reinterpret_cast<std::uintptr_t>(wide.get()) % 128 << "\n";
    std::size_t huge = static_cast<std::size_t>(1) << 62;
    try { std::cout << operator new(huge); } catch (const std::bad_alloc &) { std::cout << "bad_alloc\n"; }
    std::cout << (new (std::nothrow) char[huge] == nullptr ? "null" : "memory?") << "\n";
    static std::unique_ptr<Other> second(new Both);                     // at exit only an interior pointer is left
    static std::vector<std::unique_ptr<Base>> many;
    for (int i = 0; i < 100; i++) many.push_back(std::make_unique<Both>());
    static Tracked *array = new Tracked[3]{Tracked("a"), Tracked("b"), Tracked(std::string(100, 'c'))};
    std::cout << second->name.size() + array[2].text.size() << " " << many[9]->id() << "\n";

    std::string text;
    for (int i = 0; i < 500; i++) text += "item" + std::to_string(i) + "=" + std::to_string(i * i) + ";";
    std::regex pattern("item([0-9]+)=([0-9]*7);");
    std::cout << std::distance(std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()) << "\n";
    std::unordered_map<std::string, std::vector<int>> index;
    for (int i = 0; i < 30000; i++) index["key" + std::to_string(i * 7919L % 2571)].push_back(i);
    std::map<std::string, std::size_t> sizes;
    for (auto &[key, list] : index) sizes[key.substr(0, 5)] += list.size();
    for (auto &[key, size] : sizes) std::cout << key << "=" << size << " ";
    std::variant<int, std::string, std::vector<double>> v = std::string(200, 'v');
    v = std::vector<double>(1000, 1.5);
    std::ostringstream out;
    std::visit([&](auto &x) { if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::vector<double>>) out << x.size(); }, v);
    auto shared = std::make_shared<Tracked>("shared");
    std::function<std::size_t()> size = [shared, copy = *shared] { return shared->text.size() + copy.text.size(); };
    std::cout << "\n" << out.str() << " " << size() << " alive " << Tracked::alive << "\n";
    shared.reset();
    size = nullptr;
    std::cout << "alive " << Tracked::alive << "\n";
    return 9;
}
"""

THREADS = r"""
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Named { std::string text; ~Named() { ended++; } static inline std::atomic<int> ended{0}; };
thread_local std::map<int, Named> cache;

[[gnu::noinline]] long deep(int n)
{
    std::string text(20 + n, 'd');
    if (n == 0) throw std::runtime_error("thrown " + std::string(60, '!'));
    return deep(n - 1) + (long)text.size();
}
static long worker(int seed)
{
    std::map<std::string, std::vector<int>> index;
    for (int i = 0; i < 5000; i++) index["a key of more than fifteen characters " + std::to_string(i * seed % 257)].push_back(i);
    for (int i = 0; i < 50; i++) cache[i].text.assign(100 + i, 'c');
    long sum = 0;
    for (int i = 0; i < 40; i++) try { deep(i % 20); } catch (const std::exception &e) { sum += (long)std::string(e.what()).size(); }
    return sum + (long)index.size() + (long)cache.size();
}
int main()
{
    long sum = 0;
    for (int round = 0; round < 5; round++) {
        std::vector<std::thread> threads;
        std::vector<long> results(16);
        for (int i = 0; i < 16; i++) threads.emplace_back([&results, i] { results[i] = worker(i + 1); });
        for (auto &t : threads) t.join();
        for (long r : results) sum += r;
    }
    std::printf("%ld\n", sum);
    std::vector<std::future<long>> futures;
    for (int i = 0; i < 32; i++) futures.push_back(std::async(i % 3 ? std::launch::async : std::launch::deferred, worker, i + 2));
    sum = 0;
    for (auto &f : futures) sum += f.get();
    futures.clear();
    std::printf("%ld, %d ended\n", sum, Named::ended.load());
    auto failing = std::async(std::launch::async, [] { return deep(12); });
    try { failing.get(); } catch (const std::runtime_error &e) { std::printf("carried: %s\n", e.what()); }
    std::promise<std::string> promise;
    std::thread([p = std::move(promise)]() mutable {
        std::string own(5000, 'o');                     // only this sleeping thread's stack holds it
        p.set_value(own.substr(0, 3));
        std::this_thread::sleep_for(std::chrono::hours(1));
        std::printf("%s\n", own.c_str());
    }).detach();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return 9;
}
"""

NEEDS = {"g++": "g++"}
COMPILE = ["g++", "-std=c++17", "-pthread", "program.cc", "-o"]


@case(
    "g++",
    needs=NEEDS,
    checked=["*g++*", "cc1plus", "*as", "collect2", "*ld*", "program"],
    leaks=[
        *BINUTILS,
        *COMPILER_DRIVER,
        Leak("cc1plus", ("xmalloc *", "xstrdup *", "register_include_chains* *"),
             "Debian's multiarch patch copies the end of a C++ include directory and never frees it"),
    ],
)
def gxx(stage):
    stage.write("program.cc", TEMPLATES)
    stage.do([*COMPILE, "program", "-O1"])
    stage.note_bytes("program", stage.read("program"))
    stage.do(["./program"], status=9)


@case("c++-threads", needs=NEEDS, checked=["program"])
def cxx_threads(stage):
    stage.write("program.cc", THREADS)
    stage.do([*COMPILE, "program", "-O2"], preload=False)
    for _ in range(5):
        stage.do(["./program"], status=9)
