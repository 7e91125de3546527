// SPDX-License-Identifier: MIT
//
// Eight threads throw through many frames whose objects own memory, catch, rethrow and keep the
// exception for later. The unwinder of the library must not get between libgcc and the program.

#include "stress.h"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{
NOINLINE int dive(int depth, dice *d)
{
    std::string text(roll(d) % 200, 'x');
    std::unique_ptr<char[]> block(new char[1 + roll(d) % 3000]);
    block[0] = 1;
    if (depth == 0)
        throw std::runtime_error(std::string("thrown from the ground ") + text);
    std::vector<int> numbers(roll(d) % 50, depth);
    return dive(depth - 1, d) + static_cast<int>(numbers.size()) + block[0];
}

void climb(int depth, dice *d)
{
    try {
        dive(depth, d);
        CHECK(!"reached");
    } catch (const std::runtime_error &e) {
        CHECK(strncmp(e.what(), "thrown from", 11) == 0);
        throw;
    }
}

void *body(void *number)
{
    dice d = dice_of(reinterpret_cast<uint64_t>(number));
    std::exception_ptr last;
    for (long i = 0; i < scaled(500); i++) {
        try {
            climb(static_cast<int>(roll(&d) % 60), &d);
        } catch (...) {
            last = std::current_exception();
        }
        CHECK(last != nullptr);
    }
    return nullptr;
}
} // namespace

int main(int argc, char **argv)
{
    stress_begin(argc, argv);
    run_threads(STRESS_THREADS, body);
    return stress_end();
}
