// SPDX-License-Identifier: MIT
//
// C++ containers: an index of words (std::map of std::string to std::vector) and a table of counters
// (std::unordered_map), with nodes inserted and erased at random.

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench.h"

class Index
{
  public:
    NOINLINE void add(uint32_t number, int place)
    {
        std::vector<int> &places = places_of_[name(number)];
        places.push_back(place);
        if (places.size() > 6)
            places_of_.erase(name(number));
    }

    NOINLINE uint64_t digest() const
    {
        uint64_t sum = places_of_.size();
        for (const auto &entry : places_of_)
            sum = mix(sum, entry.first.size() + entry.second.size());
        return sum;
    }

  private:
    static NOINLINE std::string name(uint32_t number)
    {
        return std::to_string(number) + ", a word of the index";
    }

    std::map<std::string, std::vector<int>> places_of_;
};

class Counters
{
  public:
    NOINLINE void touch(uint32_t key)
    {
        if (++counts_[key] == 3)
            counts_.erase(key);
    }

    NOINLINE uint64_t digest() const
    {
        uint64_t sum = counts_.size();
        for (const auto &entry : counts_)
            sum += mix(entry.first, entry.second); // in no certain order
        return sum;
    }

  private:
    std::unordered_map<uint32_t, uint64_t> counts_;
};

static NOINLINE void work(Index &index, Counters &counters, uint64_t *random)
{
    for (int i = 0; i < 100; i++) {
        index.add(draw_below(random, 120), i);
        for (int j = 0; j < 3; j++)
            counters.touch(draw_below(random, 500));
    }
}

int main(int argc, char **argv)
{
    Index index;
    Counters counters;
    uint64_t random = 59;
    for (long i = size_argument(argc, argv); i > 0; i--)
        work(index, counters, &random);
    return finish(mix(index.digest(), counters.digest()));
}
