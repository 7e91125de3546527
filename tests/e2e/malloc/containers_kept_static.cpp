// SPDX-License-Identifier: MIT
//
// Containers and singletons that live until the end are no leaks, not even by intention leaked ones.
//
// CFLAGS: -O0 -std=c++17 | -O2 -std=c++17
// ENV: LEAKGC_OPTIONS=kinds=definite,indirect,possible
// EXPECT: nothing

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

static std::vector<std::string> words;
static std::map<std::string, std::vector<std::unique_ptr<int>>> *never_deleted;

static std::unordered_map<std::string, std::string> &table()
{
    static auto *t = new std::unordered_map<std::string, std::string>;
    return *t;
}

int main()
{
    never_deleted = new std::map<std::string, std::vector<std::unique_ptr<int>>>;
    for (int i = 0; i < 1000; i++) {
        std::string text = "number " + std::to_string(i) + " with some more text behind it";
        words.push_back(text);
        (*never_deleted)[text].push_back(std::make_unique<int>(i));
        table()[text] = text;
    }
    return 0;
}
