// SPDX-License-Identifier: MIT
//
// C++ strings: lines are split, trimmed, changed, sorted and joined again; most words are longer than what
// std::string keeps inside itself.

#include <algorithm>
#include <string>
#include <vector>

#include "bench.h"

using Words = std::vector<std::string>;

static NOINLINE std::string random_word(uint64_t *random)
{
    std::string word(14 + draw_below(random, 30), 'a');
    for (size_t i = 0; i < word.size(); i += 5)
        word[i] = (char)('a' + draw_below(random, 26));
    return word;
}

static NOINLINE std::string random_line(uint64_t *random)
{
    std::string line;
    for (int i = 0; i < 12; i++)
        line += random_word(random) + "; ";
    return line;
}

static NOINLINE std::string trimmed(const std::string &text)
{
    size_t begin = text.find_first_not_of(' ');
    return begin == std::string::npos ? std::string() : text.substr(begin);
}

static NOINLINE Words split(const std::string &line)
{
    Words words;
    for (size_t begin = 0, end; (end = line.find(';', begin)) != std::string::npos; begin = end + 1)
        words.push_back(trimmed(line.substr(begin, end - begin)));
    return words;
}

static NOINLINE std::string quoted(const std::string &word)
{
    return "\"" + word + "\"";
}

static NOINLINE std::string join(const Words &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + quoted(word);
    return text;
}

static NOINLINE uint64_t transform(const std::string &line)
{
    Words words = split(line);
    std::sort(words.begin(), words.end());
    std::string text = join(words);
    return mix_text(text.size(), text.data(), 40);
}

int main(int argc, char **argv)
{
    uint64_t sum = 0, random = 53;
    Words lines;
    for (int i = 0; i < 100; i++)
        lines.push_back(random_line(&random));
    for (long i = size_argument(argc, argv); i > 0; i--)
        sum = mix(sum, transform(lines[draw_below(&random, 100)]));
    return finish(sum);
}
